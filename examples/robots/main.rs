//! A robot derby: the game runs on the server, the brains of the robots in the programs of their owners.
//!
//! Who signs up gives an observer and gets a robot; each is a reference to an object on the other side. Every turn
//! the game calls the observers, and while they are asked they call their robots: calls within calls, both ways.
//!
//! The class of the robots and the names are those of Pyro's game, so that a Pyro5 program can play:
//!
//! ```python
//! game = Pyro5.api.Proxy("PYRONAME:example.robotserver")
//! observer.robot = game.register("Marvin", observer)
//! # observer.start(), .world_update(turn, world, robot), .death(killer) and .victory() are called
//! observer.robot.change_direction((1, 0))
//! ```

mod brain;
mod game;
mod interface;

use std::error::Error;
use std::sync::Arc;

use ferropyro::{CallError, Daemon};

use brain::{Brain, Mind};
use game::{Game, Grid};
use interface::GameServerProxy;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let daemon = Daemon::bind("127.0.0.1:0").await?;
    let grid = Arc::new(Grid::default());
    let game: GameServerProxy = daemon.serve("example.robotserver", Game { grid: Arc::clone(&grid) })?;

    let mut owners = Vec::new();
    for (name, mind) in [("Bender", Mind::Drunk), ("Hulk", Mind::Angry), ("Marvin", Mind::Scared)] {
        owners.push(Brain::join(&game, name, mind).await?);
    }
    if let Err(CallError::Remote(refused)) = Brain::join(&game, "Hulk", Mind::Angry).await {
        println!("A second Hulk may not play: {refused}");
    }
    println!("Before:");
    grid.draw();
    println!("The game:");
    grid.play().await?;
    println!("After:");
    grid.draw();
    Ok(())
}

//! The server's side: the grid, and the rules.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use ferropyro::context;

use crate::interface::{Bot, BotProxy, GameError, GameServer, ObserverProxy, Robot};

/// Width and height of the grid.
const SIZE: (i32, i32) = (12, 5);
/// Where robots begin.
const STARTS: [(i32, i32); 4] = [(0, 0), (5, 4), (10, 1), (2, 3)];
/// How long a game goes on at most.
const TURNS: u32 = 40;
/// How long the owner of a robot may think.
const PATIENCE: Duration = Duration::from_secs(2);

#[derive(Clone)]
struct Player {
    robot: Robot,
    observer: ObserverProxy,
}

/// The grid. Its lock is held for a moment only and never while an observer is called: observers call their robots
/// from within. (With a lock of `std` the compiler sees to that.)
#[derive(Default)]
pub(crate) struct Grid {
    players: Mutex<Vec<Player>>,
}

impl Grid {
    fn players(&self) -> Vec<Player> {
        self.players.lock().unwrap().clone()
    }

    fn remove(&self, name: &str) {
        self.players.lock().unwrap().retain(|player| player.robot.name != name);
    }

    pub(crate) fn draw(&self) {
        let players = self.players();
        for y in 0..SIZE.1 {
            let square = |x| {
                let player = players.iter().find(|player| player.robot.position == (x, y))?;
                player.robot.name.chars().next()
            };
            println!("  {}", (0..SIZE.0).map(|x| square(x).unwrap_or('.')).collect::<String>());
        }
    }

    /// Moves one robot; gives another that was hit once too often by it.
    fn step(&self, name: &str) -> Option<Player> {
        let mut players = self.players.lock().unwrap();
        let mover = players.iter_mut().find(|player| player.robot.name == name)?;
        let Robot { position: (x, y), direction: (right, down), .. } = mover.robot;
        let to = ((x + right).clamp(0, SIZE.0 - 1), (y + down).clamp(0, SIZE.1 - 1));
        let there = |player: &Player| player.robot.position == to && player.robot.name != name;
        let Some(hit) = players.iter().position(there) else {
            players
                .iter_mut()
                .filter(|player| player.robot.name == name)
                .for_each(|mover| mover.robot.position = to);
            return None;
        };
        let victim = &mut players[hit].robot;
        victim.strength -= 1;
        println!("  {name} hits {}, who can take {} more", victim.name, victim.strength);
        (victim.strength == 0).then(|| players.remove(hit))
    }

    /// Plays until one is left, or the turns are over.
    pub(crate) async fn play(&self) -> ferropyro::Result<()> {
        for player in self.players() {
            player.observer.start().await?;
        }
        for turn in 1..=TURNS {
            for mover in self.players() {
                if let Some(dead) = self.step(&mover.robot.name) {
                    dead.observer.death(Some(mover.robot)).await?;
                }
            }
            let players = self.players();
            if let [winner] = players.as_slice() {
                return Ok(winner.observer.victory().await?);
            }
            let world: Vec<_> = players.iter().map(|player| player.robot.clone()).collect();
            for Player { robot, observer } in players {
                let name = robot.name.clone();
                // A robot whose owner is gone is no longer in the game; one who thinks for too long, neither.
                if observer.world_update(turn, world.clone(), robot).timeout(PATIENCE).await.is_err() {
                    println!("  {name} has lost its owner");
                    self.remove(&name);
                }
            }
        }
        Ok(())
    }
}

/// Where robots sign up for the grid.
pub(crate) struct Game {
    pub(crate) grid: Arc<Grid>,
}

impl GameServer for Game {
    async fn register(&self, name: String, observer: ObserverProxy) -> Result<BotProxy, GameError> {
        let daemon = context().and_then(|call| call.daemon()).ok_or(GameError::Closed)?;
        let mut players = self.grid.players.lock().unwrap();
        if players.iter().any(|player| player.robot.name == name) {
            return Err(GameError::Taken);
        }
        let handle = Handle { name: name.clone(), grid: Arc::clone(&self.grid) };
        let bot = daemon.export(handle).map_err(|_| GameError::Closed)?;
        let position = STARTS[players.len() % STARTS.len()];
        let robot = Robot { name, grid_dimensions: SIZE, position, direction: (0, 0), strength: 2 };
        players.push(Player { robot, observer });
        Ok(bot)
    }
}

/// What the owner of a robot can do with it.
struct Handle {
    name: String,
    grid: Arc<Grid>,
}

impl Bot for Handle {
    async fn change_direction(&self, direction: (i32, i32)) {
        let mut players = self.grid.players.lock().unwrap();
        // A robot that is dead goes nowhere.
        if let Some(player) = players.iter_mut().find(|player| player.robot.name == self.name) {
            player.robot.direction = (direction.0.signum(), direction.1.signum());
        }
    }

    async fn emote(&self, text: String) {
        println!("  {} says: {text}", self.name);
    }
}

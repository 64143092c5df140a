//! The owners' side: what robots have in mind.

use std::sync::{Arc, OnceLock};

use ferropyro::{CallError, Client, Daemon};

use crate::interface::{BotProxy, GameError, GameServerProxy, Observer, ObserverProxy, Robot};

/// What a robot's owner has in mind.
#[derive(Clone, Copy)]
pub(crate) enum Mind {
    /// Goes round and round, with rests.
    Drunk,
    /// Goes for the nearest.
    Angry,
    /// Runs to a corner.
    Scared,
}

/// A program that plays: an observer, and the robot that it got for it.
pub(crate) struct Brain {
    mind: Mind,
    bot: OnceLock<BotProxy>,
}

impl Brain {
    /// Signs up, and waits for the game to call. The daemon is where it calls.
    pub(crate) async fn join(
        game: &GameServerProxy,
        name: &str,
        mind: Mind,
    ) -> Result<Daemon, CallError<GameError>> {
        let game: GameServerProxy = Client::new().lookup(game.uri()).await?;
        let daemon = Daemon::bind("127.0.0.1:0").await?;
        let brain = Arc::new(Self { mind, bot: OnceLock::new() });
        let observer: ObserverProxy = daemon.export(Arc::clone(&brain))?;
        let bot = game.register(name, observer).await?;
        let _ = brain.bot.set(bot);
        Ok(daemon)
    }

    async fn go(&self, direction: (i32, i32)) {
        if let Some(bot) = self.bot.get() {
            // Where the game is over for us, there is nobody to tell.
            let _ = bot.change_direction(direction).await;
        }
    }

    async fn say(&self, text: &str) {
        if let Some(bot) = self.bot.get() {
            let _ = bot.emote(text).await;
        }
    }
}

impl Observer for Brain {
    async fn start(&self) {
        self.say(match self.mind {
            Mind::Drunk => "Hic!",
            Mind::Angry => "GRR!",
            Mind::Scared => "I'm scared!",
        })
        .await;
    }

    async fn world_update(&self, iteration: u32, world: Vec<Robot>, robot: Robot) {
        let (x, y) = robot.position;
        let direction = match self.mind {
            Mind::Drunk => [(1, 0), (0, 0), (0, 1), (-1, 0), (0, 0), (0, -1)][iteration as usize % 6],
            Mind::Scared => (1, 1),
            Mind::Angry => {
                let others = world.iter().filter(|other| other.name != robot.name);
                let away = others.map(|other| (other.position.0 - x, other.position.1 - y));
                away.min_by_key(|(right, down)| right.abs().max(down.abs())).unwrap_or_default()
            }
        };
        self.go(direction).await;
    }

    async fn death(&self, killer: Option<Robot>) {
        self.say(&format!("{} killed me", killer.map_or("Nobody".to_owned(), |robot| robot.name))).await;
    }

    async fn victory(&self) {
        self.say("I won!").await;
    }
}

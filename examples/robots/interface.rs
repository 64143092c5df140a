//! What game and players know of each other: all that another program needs.

use ferropyro::{RemoteError, python_class, remote};

/// The game.
#[remote]
pub(crate) trait GameServer {
    /// Puts a robot onto the grid, and calls its observer from then on.
    async fn register(&self, name: String, observer: ObserverProxy) -> Result<BotProxy, GameError>;
}

/// A robot, as its owner controls it.
#[remote]
pub(crate) trait Bot {
    /// Where it goes from now on: a step of -1, 0 or 1 to the right, and one down.
    async fn change_direction(&self, direction: (i32, i32));
    /// Lets it say something.
    async fn emote(&self, text: String);
}

/// The one who controls a robot. All methods are called by the game.
#[remote]
pub(crate) trait Observer {
    /// The game begins.
    async fn start(&self);
    /// A turn is over.
    async fn world_update(&self, iteration: u32, world: Vec<Robot>, robot: Robot);
    /// The robot has lost.
    async fn death(&self, killer: Option<Robot>);
    /// The robot is the last.
    async fn victory(&self);
}

/// What is known of a robot.
#[python_class("robot.Robot")]
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Robot {
    /// Its name.
    pub(crate) name: String,
    /// Width and height of the grid that it is on.
    pub(crate) grid_dimensions: (i32, i32),
    /// Where it is, from the left and from the top.
    pub(crate) position: (i32, i32),
    /// Where it goes.
    pub(crate) direction: (i32, i32),
    /// How often it can be hit.
    pub(crate) strength: u32,
}

/// Why a robot may not play.
#[derive(Debug, thiserror::Error, RemoteError)]
pub(crate) enum GameError {
    /// Another robot has the name.
    #[error("that name is already taken")]
    #[exception("ValueError")]
    Taken,
    /// The game is not served, so that nobody could reach a robot.
    #[error("signups are closed, try again later")]
    #[exception("RuntimeError")]
    Closed,
}

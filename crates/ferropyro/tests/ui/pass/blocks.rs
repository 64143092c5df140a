//! Types with methods of their own: which of them are remote, and which are not.

use std::sync::atomic::{AtomicU32, Ordering};

use ferropyro::{Instances, remote};

/// Walks.
#[derive(Default)]
pub struct Robot {
    steps: AtomicU32,
}

#[remote]
impl Robot {
    /// As far as it goes at once.
    pub const STRIDE: u32 = 10;

    pub fn new() -> Self {
        Self::default()
    }

    /// Goes forward.
    pub async fn forward(&self, #[default(Robot::STRIDE)] steps: u32) -> u32 {
        self.walk(steps)
    }

    pub fn think(&self, mut depth: u64) -> u64 {
        depth += 1;
        depth
    }

    #[skip]
    pub fn reset(&mut self) {
        self.steps = AtomicU32::new(0);
    }

    fn walk(&self, steps: u32) -> u32 {
        self.steps.fetch_add(steps, Ordering::Relaxed) + steps
    }
}

impl Robot {
    pub fn steps(&self) -> u32 {
        self.steps.load(Ordering::Relaxed)
    }
}

/// A type that only this module knows, with a proxy of another name.
struct Door;

#[remote(proxy = "RemoteDoor")]
impl Door {
    pub async fn open(&self) -> bool {
        true
    }
}

/// An object that is somewhere else in the tree.
pub mod deep {
    #[derive(Debug)]
    pub struct Cave;
}

#[remote]
impl deep::Cave {
    pub fn echo(&self, shout: String) -> String {
        shout
    }
}

#[test]
fn pub_methods_are_remote() -> ferropyro::Result<()> {
    let mut own = Robot::new();
    own.reset();
    assert_eq!(own.steps(), 0);
    let robot = RobotProxy::local(own);
    assert_eq!(robot.forward().wait()?, 10);
    assert_eq!(robot.forward().arg("steps", 5).wait()?, 15);
    assert_eq!(robot.think(1).wait()?, 2);
    let robot = RobotProxy::local(Instances::per_call(Robot::new));
    assert_eq!(robot.forward().wait()?, 10);
    assert!(RemoteDoor::local(Door).open().wait()?);
    assert_eq!(CaveProxy::local(deep::Cave).echo("ho").wait()?, "ho");
    Ok(())
}

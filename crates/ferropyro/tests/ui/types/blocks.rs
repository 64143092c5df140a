//! A second `impl` of the same type.

use ferropyro::remote;

pub struct Robot;

#[remote]
impl Robot {
    pub async fn walk(&self) {}
}

#[remote] //~ `RobotProxy`
impl Robot {
    pub async fn talk(&self) {}
}

fn main() {}

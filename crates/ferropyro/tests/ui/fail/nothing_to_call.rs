//! Items without a method that can be called.

use ferropyro::remote;

#[remote]
pub trait Empty {}

pub struct Robot;

#[remote]
impl Robot {
    pub fn new() -> Self {
        Self
    }

    async fn forward(&self) {}
}

fn main() {}

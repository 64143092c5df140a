//! Methods that take the object in another way than `&self`.

use std::sync::Arc;

use ferropyro::remote;

#[remote]
pub trait Counter {
    async fn add(&mut self, n: u32) -> u32;
    async fn finish(self) -> u32;
    async fn share(self: Arc<Self>);
    async fn new() -> u32;
}

pub struct Robot;

#[remote]
impl Robot {
    pub async fn forward(&mut self, steps: u32) -> bool {
        steps > 0
    }
}

fn main() {}

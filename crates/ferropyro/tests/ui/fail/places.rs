//! `#[remote]` where it does not go.

use ferropyro::remote;

#[remote]
pub struct Robot;

#[remote]
pub fn hello() -> String {
    String::new()
}

trait Greeter {
    async fn hello(&self, name: String) -> String;
}

pub struct Polite;

#[remote]
impl Greeter for Polite {
    async fn hello(&self, name: String) -> String {
        name
    }
}

pub trait Shape {}

#[remote]
impl dyn Shape {
    pub fn area(&self) -> u8 {
        0
    }
}

fn main() {}

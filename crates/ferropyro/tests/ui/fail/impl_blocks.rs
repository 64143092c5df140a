//! Methods of an `impl` that are marked, and not remote.

use ferropyro::remote;

macro_rules! more {
    () => {};
}

pub struct Robot;

#[remote]
impl Robot {
    pub async fn forward(&self) {}

    #[oneway]
    async fn helper(&self) {}

    #[skip]
    #[name("reboot")]
    pub async fn reset(&self) {}

    #[skip(always)]
    pub async fn stop(&self) {}

    more!();
}

fn main() {}

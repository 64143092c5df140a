//! What else can stand in a trait, and is no method.

use ferropyro::remote;

macro_rules! more {
    () => {};
}

#[remote]
pub trait Members {
    const SIZE: usize;
    type Item;
    more!();
    #[skip]
    async fn local_only(&self);
    #[cfg(unix)]
    async fn fork(&self) -> u32;
}

#[remote]
#[cfg(unix)]
pub trait Unix {
    async fn fork(&self) -> u32;
}

fn main() {}

//! Types and lifetimes that a caller elsewhere cannot choose.

use ferropyro::remote;

#[remote]
pub trait Store<T> {
    async fn get(&self, key: String) -> T;
}

#[remote]
pub trait Shop
where
    Self: Sized,
{
    async fn sell<T: Into<String>>(&self, what: T) -> bool;
    async fn count(&self) -> u64
    where
        Self: Sized;
}

pub struct Cell<T>(T);

#[remote]
impl<T> Cell<T> {
    pub fn get(&self) -> u64 {
        0
    }
}

fn main() {}

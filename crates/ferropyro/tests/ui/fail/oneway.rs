//! Oneway methods whose result nobody would wait for.

use ferropyro::{Stream, remote};

#[remote]
pub trait Log {
    #[oneway]
    async fn line(&self, line: String) -> bool;
    #[oneway]
    async fn risky(&self, line: String) -> Result<(), std::fmt::Error>;
    #[oneway]
    async fn lines(&self) -> Stream<String>;
    #[oneway]
    #[attr]
    async fn level(&self) -> u8;
    #[oneway(now)]
    async fn flush(&self);
    #[oneway]
    #[oneway]
    async fn rotate(&self);
}

fn main() {}

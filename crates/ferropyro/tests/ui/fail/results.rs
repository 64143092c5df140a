//! Results whose types are not all written out.

use std::io;

use ferropyro::{Stream, remote};

#[remote]
pub trait Results {
    async fn read(&self) -> io::Result<Vec<u8>>;
    async fn ask(&self) -> ferropyro::Result<String>;
    async fn write(&self) -> std::fmt::Result;
    async fn items(&self) -> Stream;
}

fn main() {}

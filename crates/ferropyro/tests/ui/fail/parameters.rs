//! Parameters without a name, and too many of them.

use ferropyro::remote;

pub struct Map;

#[remote]
impl Map {
    pub async fn at(&self, (x, y): (i64, i64)) -> bool {
        x == y
    }

    pub async fn ignore(&self, _: u8) {}
}

#[remote]
pub trait Parameters {
    async fn only_here(&self, #[cfg(unix)] path: String);
    async fn many(
        &self,
        a: u8,
        b: u8,
        c: u8,
        d: u8,
        e: u8,
        f: u8,
        g: u8,
        h: u8,
        i: u8,
        j: u8,
        k: u8,
        l: u8,
        m: u8,
    );
}

fn main() {}

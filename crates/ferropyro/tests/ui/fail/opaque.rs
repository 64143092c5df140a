//! Types that only one end knows.

use ferropyro::remote;

pub trait Observer {}

#[remote]
pub trait Opaque {
    async fn print(&self, what: impl std::fmt::Display);
    async fn numbers(&self) -> impl Iterator<Item = u32>;
    async fn watch(&self, observer: Box<dyn Observer>);
    async fn twin(&self) -> Self;
}

fn main() {}

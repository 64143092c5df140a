//! Parameters and results that are borrowed.

use std::borrow::Cow;

use ferropyro::remote;

pub struct ObserverProxy;

#[remote]
pub trait Borrower {
    async fn greet(&self, name: &str) -> String;
    async fn sum(&self, numbers: &[i64]) -> i64;
    async fn tell(&self, observer: &ObserverProxy, names: Vec<&'static str>);
    async fn shout(&self, text: Cow<'_, str>) -> String;
    async fn motto(&self) -> &str;
}

fn main() {}

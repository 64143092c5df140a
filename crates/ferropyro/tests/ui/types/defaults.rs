//! Defaults of another type than their parameter.

use ferropyro::remote;

pub struct Plain;

#[remote]
pub trait Defaults {
    async fn text(
        &self,
        #[default("three")] //~ mismatched types
        n: u32,
    );
    fn unknown(
        &self,
        #[default(COUNT)] //~ `COUNT`
        n: u32,
    );
}

fn main() {}

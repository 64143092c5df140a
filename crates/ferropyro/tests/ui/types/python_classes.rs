//! A class whose derives stand above it, and one with a field that cannot be encoded.

use ferropyro::python_class;

#[derive(serde::Serialize)]
#[python_class("shop.Twice")] //~ conflicting implementations of trait `Serialize`
pub struct Twice {
    count: u32,
}

pub struct Opaque;

#[python_class("shop.Holder")]
pub struct Holder {
    opaque: Opaque, //~ Opaque
}

fn main() {}

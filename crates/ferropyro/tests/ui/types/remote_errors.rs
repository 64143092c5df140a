//! Errors without a message, or that carry what cannot be encoded.

use ferropyro::RemoteError;

#[derive(Debug, RemoteError)] //~ `Silent`
pub struct Silent;

#[derive(Debug)]
pub struct Opaque;

#[derive(Debug, thiserror::Error, RemoteError)]
#[error("full")]
pub enum Full {
    Of {
        count: u32,
        what: Opaque, //~ Opaque
    },
}

fn main() {}

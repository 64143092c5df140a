//! An alias of `Result`, which is taken for a value.

use ferropyro::remote;

#[derive(Debug, thiserror::Error, ferropyro::RemoteError)]
#[error("lost")]
pub struct Lost;

type Found = Result<String, Lost>;

#[remote]
pub trait Finder {
    async fn find(&self) -> Found; //~ `Lost`
}

fn main() {}

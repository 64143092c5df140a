//! An error that is none of a remote method.

use ferropyro::{Stream, remote};

#[derive(Debug)]
pub struct Lost;

#[remote]
pub trait Finder {
    async fn find(
        &self,
    ) -> Result<String, Lost>; //~ `Lost` cannot be the error of a remote method
    fn seek(&self) -> Result<Stream<u8>, std::io::Error>; //~ derive it: `#[derive(Debug, thiserror::Error, ferropyro::RemoteError)]`
}

fn main() {}

//! Names that the proxy has for itself.

use ferropyro::remote;

#[remote]
pub trait Reserved {
    async fn local(&self) -> bool;
    async fn serve(&self, guests: u32);
    #[name("copy")]
    async fn clone(&self) -> u32;
}

fn main() {}

//! Arguments, results and items of types that cannot be encoded.

use ferropyro::{Stream, remote};

pub struct Opaque;

#[remote]
pub trait Takes {
    async fn take(
        &self,
        opaque: Opaque, //~ Opaque
    );
    async fn take_two(&self, n: u32, opaque: Opaque); //~ Opaque
    fn take_or(&self, #[default(Opaque)] opaque: Opaque); //~ Opaque
}

#[remote]
pub trait Gives {
    async fn give(
        &self,
    ) -> Opaque; //~ `Opaque` cannot be sent to another process
    fn items(&self) -> Stream<Opaque>; //~ `Opaque` cannot be sent to another process
    async fn risky(&self) -> Result<Opaque, ferropyro::Exception>; //~ derive(serde::Serialize, serde::Deserialize)
}

fn main() {}

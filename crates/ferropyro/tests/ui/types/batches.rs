//! What is no batch.

use ferropyro::remote;

#[remote]
pub trait Adder {
    async fn add(&self, a: i64, b: i64) -> i64;
}

pub async fn call(adder: AdderProxy) -> ferropyro::Result<()> {
    adder.batch(adder.add(1, 2)).await?; //~ cannot be sent as a batch
    adder.batch([adder.add(1, 2), adder.add(3, 4)]).await?; //~ a batch is a tuple of up to twelve calls
    Ok(())
}

fn main() {}

//! Callers who pass something else, or too much.

use ferropyro::remote;

#[remote]
pub trait Greeter {
    async fn hello(&self, name: String, #[default(1)] times: u32) -> String;
    async fn watch(&self, observer: GreeterProxy, n: u32);
}

pub async fn call(greeter: GreeterProxy) -> ferropyro::Result<()> {
    greeter.hello(3).await?; //~ From<{integer}>
    greeter.hello("you", 2).await?; //~ argument
    greeter.watch("you", 2).await?; //~ `GreeterProxy
    greeter.watch(&greeter, "2").await?; //~ mismatched types
    let _: u32 = greeter.hello("you").await?; //~ expected `u32`, found `String`
    greeter.goodbye().await?; //~ `goodbye`
    Ok(())
}

fn main() {}

//! Calls a greeter by name, without async: `cargo run --example greeter_client -- PYRONAME:example.greeter`.

use ferropyro::{Client, args};

fn main() -> ferropyro::Result<()> {
    let uri = std::env::args().nth(1).unwrap_or_else(|| "PYRONAME:example.greeter".to_owned());
    let greeter = Client::new().lookup_any(uri).wait()?;
    println!("{}", greeter.call("hello", args!["world"]).cast::<String>().wait()?);
    Ok(())
}

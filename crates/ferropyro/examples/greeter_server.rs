//! A daemon with one object, to be called from genuine Pyro programs:
//!
//! ```text
//! $ cargo run --example greeter_server
//! PYRO:greeter@127.0.0.1:40123
//! $ python -c 'import Pyro5.api; print(Pyro5.api.Proxy("PYRO:greeter@127.0.0.1:40123").hello("world"))'
//! Hello, world
//! ```

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use ferropyro::server::{ItemSource, Methods};
use ferropyro::{Daemon, Exception, Value};

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> ferropyro::Result<()> {
    let motto = Arc::new(Mutex::new(Value::from("be polite")));
    let set_motto = Arc::clone(&motto);

    let greeter = Methods::new("Greeter")
        .method("hello", async |call| {
            let [name] = call.bind(["name"])?;
            match name.as_str() {
                Some("") => Err(Exception::new("ValueError", "empty name")),
                Some(name) => Ok(format!("Hello, {name}")),
                None => {
                    Err(Exception::new("TypeError", format!("a name is a str, not {}", name.type_name())))
                }
            }
        })
        .method("echo", async |call| {
            let [value] = call.bind(["value"])?;
            Ok(value)
        })
        .method("sleep", async |call| {
            let [seconds] = call.bind(["seconds"])?;
            let seconds = seconds.as_float().unwrap_or_default().clamp(0.0, 60.0);
            tokio::time::sleep(Duration::from_secs_f64(seconds)).await;
            Ok(seconds)
        })
        .blocking("read_slowly", |call| {
            call.bind([])?;
            std::thread::sleep(Duration::from_millis(10));
            Ok("from a thread of its own")
        })
        .oneway("log", async |call| {
            let [line] = call.bind(["line"])?;
            println!("{}", line.as_str().unwrap_or("?"));
            Ok(())
        })
        .stream("countdown", |call| {
            let [from] = call.bind(["from"])?;
            Ok(ItemSource::from_items((0..from.as_int().unwrap_or(0)).rev()))
        })
        .attribute_rw(
            "motto",
            move || motto.lock().unwrap_or_else(PoisonError::into_inner).clone(),
            move |value| {
                *set_motto.lock().unwrap_or_else(PoisonError::into_inner) = value;
                Ok(())
            },
        );

    let daemon = Daemon::bind(std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:0".to_owned())).await?;
    println!("{}", daemon.register("greeter", greeter)?);
    daemon.run().await
}

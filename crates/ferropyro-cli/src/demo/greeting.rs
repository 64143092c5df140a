//! The greeting: one object in Rust, called from three sides; the same object in Python, called from Rust.

use ferropyro::args;
use ferropyro::server::{ItemSource, Methods};

use super::python::GREETING;
use super::{Tour, line};
use crate::failure::Failure;

pub(super) const NAME: &str = "example.greeting";

/// The object of the Rust side. `countdown` is for the last step of the tour.
fn greeting() -> Methods {
    Methods::new("Greeting")
        .method("welcomeMessage", async |call| {
            let [name] = call.bind(["name"])?;
            Ok(format!("Hi, {}! Rust here.", name.as_str().unwrap_or("whoever you are")))
        })
        .stream("countdown", |call| {
            let [start] = call.bind(["start"])?;
            Ok(ItemSource::from_items((1..=start.as_int().unwrap_or(0)).rev()))
        })
}

pub(super) async fn show(tour: &Tour) -> Result<(), Failure> {
    tour.step("A greeting object, served by Rust, called by everybody");
    let uri = tour.daemon.register("greeting", greeting())?;
    tour.names.register(NAME, uri.to_string()).await?;
    let proxy = tour.client.lookup_any(tour.uri(NAME)).await?;
    let text: String = proxy.call("welcomeMessage", args!["Rust"]).cast().await?;
    line("Rust calls it", &text);
    let Some(python) = &tour.python else { return Ok(()) };
    for pyro in ["4", "5"] {
        let who = format!("genuine Pyro{pyro}");
        let args = ["--pyro", pyro, "--ns", &tour.names_at, "call", NAME, &who];
        line(&format!("{who} calls it"), &python.run(GREETING, &args).await?);
    }

    tour.step("The same object in Python, served by genuine Pyro4, called by Rust");
    let name = "example.greeting.pyro4";
    let served = python.serve(GREETING, &["--pyro", "4", "--ns", &tour.names_at, "serve", name]).await?;
    let proxy = tour.client.lookup_any(tour.uri(name)).await?;
    let text: String = proxy.call("welcomeMessage", args!["Rust"]).cast().await?;
    line("Rust calls it", &text);
    drop(served);
    tour.names.remove(name).await?;
    Ok(())
}

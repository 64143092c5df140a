//! The greeting: one object in Rust, called from three sides; the same object in Python, called from Rust.

use ferropyro::{Stream, remote};

use super::python::GREETING;
use super::{Tour, line};
use crate::failure::Failure;

pub(super) const NAME: &str = "example.greeting";

/// Greets people. The object in `greeting.py` looks the same to its callers.
#[remote]
pub(super) trait Greeting {
    /// Says hello.
    #[name("welcomeMessage")]
    async fn welcome_message(&self, name: String) -> String;
    /// Counts down to one; for the last step of the tour.
    async fn countdown(&self, start: u32) -> Stream<u32>;
}

struct Polite;

impl Greeting for Polite {
    async fn welcome_message(&self, name: String) -> String {
        format!("Hi, {name}! Rust here.")
    }

    async fn countdown(&self, start: u32) -> Stream<u32> {
        Stream::from_items((1..=start).rev())
    }
}

pub(super) async fn show(tour: &Tour) -> Result<(), Failure> {
    tour.step("A greeting object, served by Rust, called by everybody");
    let served: GreetingProxy = tour.daemon.serve("greeting", Polite)?;
    tour.names.register(NAME, served.uri()).await?;
    let greeting: GreetingProxy = tour.client.lookup(tour.uri(NAME)).await?;
    line("Rust calls it", &greeting.welcome_message("Rust").await?);
    let Some(python) = &tour.python else { return Ok(()) };
    for pyro in ["4", "5"] {
        let who = format!("genuine Pyro{pyro}");
        let args = ["--pyro", pyro, "--ns", &tour.names_at, "call", NAME, &who];
        line(&format!("{who} calls it"), &python.run(GREETING, &args).await?);
    }

    tour.step("The same object in Python, served by genuine Pyro4, called by Rust");
    let name = "example.greeting.pyro4";
    let served = python.serve(GREETING, &["--pyro", "4", "--ns", &tour.names_at, "serve", name]).await?;
    let greeting: GreetingProxy = tour.client.lookup(tour.uri(name)).await?;
    line("Rust calls it", &greeting.welcome_message("Rust").await?);
    line("genuine Pyro5 calls it", &{
        let args = ["--pyro", "5", "--ns", &tour.names_at, "call", name, "genuine Pyro5"];
        python.run(GREETING, &args).await?
    });
    line("", "(through the name server's bridge: Pyro4 and Pyro5 alone cannot talk to each other)");
    drop(served);
    tour.names.remove(name).await?;
    Ok(())
}

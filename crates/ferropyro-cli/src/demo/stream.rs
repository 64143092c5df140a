//! The stream: items that are made in one process when another asks for them.

use super::greeting::{GreetingProxy, NAME};
use super::python::STREAM;
use super::{Tour, line};
use crate::failure::Failure;

pub(super) async fn show(tour: &Tour) -> Result<(), Failure> {
    tour.step("A stream: the items of a countdown, each made when the caller asks for it");
    let greeting: GreetingProxy = tour.client.lookup(tour.uri(NAME)).await?;
    let mut numbers = greeting.countdown(3).await?;
    let mut seen = Vec::new();
    while let Some(number) = numbers.next().await {
        seen.push(number?.to_string());
    }
    line("Rust reads", &seen.join(", "));
    let Some(python) = &tour.python else { return Ok(()) };
    for pyro in ["4", "5"] {
        let text = python.run(STREAM, &["--pyro", pyro, "--ns", &tour.names_at, NAME]).await?;
        line(&format!("genuine Pyro{pyro} reads"), &text);
    }
    Ok(())
}

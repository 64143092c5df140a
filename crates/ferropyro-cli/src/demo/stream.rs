//! The stream: items that are made in one process when another asks for them.

use ferropyro::{Value, args, literal};

use super::greeting::NAME;
use super::python::STREAM;
use super::{Tour, line};
use crate::failure::Failure;

pub(super) async fn show(tour: &Tour) -> Result<(), Failure> {
    tour.step("A stream: the items of a countdown, each made when the caller asks for it");
    let proxy = tour.client.lookup_any(tour.uri(NAME)).await?;
    let mut items = proxy.call("countdown", args![3]).stream().await?;
    let mut seen: Vec<Value> = Vec::new();
    while let Some(item) = items.next().await {
        seen.push(item?);
    }
    line("Rust reads", &seen.iter().map(literal::repr).collect::<Vec<_>>().join(", "));
    let Some(python) = &tour.python else { return Ok(()) };
    for pyro in ["4", "5"] {
        let text = python.run(STREAM, &["--pyro", pyro, "--ns", &tour.names_at, NAME]).await?;
        line(&format!("genuine Pyro{pyro} reads"), &text);
    }
    Ok(())
}

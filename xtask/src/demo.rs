//! `cargo xtask demo`: builds the `ferropyro` command and runs its tour.

use crate::failure::Failure;
use crate::{command, venv};

/// Runs the tour, with the genuine programs if they can be had.
pub(crate) fn run() -> Result<(), Failure> {
    let mut tour = command::cargo();
    tour.args(["run", "--quiet", "-p", "ferropyro-cli", "--bin", "ferropyro", "--", "demo"]);
    match venv::python() {
        Ok(python) => {
            tour.arg("--python").arg(python);
        }
        Err(Failure::NoPython(why)) => {
            eprintln!("xtask: {why}");
            eprintln!("xtask: showing the Rust part of the tour only");
        }
        Err(other) => return Err(other),
    }
    command::run(&mut tour)
}

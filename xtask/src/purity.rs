//! Proves that the lower crates stay free of IO: nothing they depend on opens sockets or runs tasks.
//!
//! It looks at dependencies only; that the crates themselves use no `std::net` and no clock is for review.

use crate::command;
use crate::failure::Failure;

/// The crates that know no IO.
const PURE: [&str; 2] = ["ferropyro-value", "ferropyro-proto"];

/// What gives away IO, a runtime or randomness of its own.
const IMPURE: [&str; 4] = ["tokio", "mio", "socket2", "getrandom"];

/// Fails if a pure crate depends on an impure one.
pub(crate) fn check() -> Result<(), Failure> {
    for package in PURE {
        let tree = command::read(
            command::cargo().args(["tree", "-p", package, "-e", "normal", "--prefix", "none"]),
        )?;
        if let Some(found) = impure(&tree) {
            return Err(Failure::Other(format!(
                "{package} must know no IO, but depends on {found}; \
                 `cargo tree -p {package} -e normal -i {found}` says through what"
            )));
        }
        eprintln!("xtask: {package} is free of {}", IMPURE.join(", "));
    }
    Ok(())
}

/// The first impure crate in the output of `cargo tree --prefix none`, which has a line `name version` for each.
fn impure(tree: &str) -> Option<&str> {
    tree.lines().filter_map(|line| line.split_whitespace().next()).find(|name| IMPURE.contains(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_impure_dependency_is_found_by_its_whole_name() {
        assert_eq!(impure("ferropyro-proto v0.1.0 (/x)\nbytes v1.12.2\ntokio v1.54.0\n"), Some("tokio"));
        assert_eq!(impure("ferropyro-proto v0.1.0 (/x)\ntokio-free v1.0.0\nmiow v0.6.0\n"), None);
    }
}

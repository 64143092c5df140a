//! `cargo xtask test`: purity, the Rust tests, the conformance suite, the guide's Python; all of them, whatever
//! fails.

use std::ffi::OsString;

use crate::failure::Failure;
use crate::{command, purity, venv};

/// What was asked for on the command line.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Options {
    without_python: bool,
    cargo_arguments: Vec<OsString>,
}

impl Options {
    pub(crate) fn parse(arguments: &[OsString]) -> Result<Self, Failure> {
        let mut options = Self::default();
        let mut words = arguments.iter();
        while let Some(word) = words.next() {
            match word.to_str() {
                Some("--without-python") => options.without_python = true,
                Some("--") => options.cargo_arguments = words.by_ref().cloned().collect(),
                _ => {
                    return Err(Failure::Usage(format!("test takes no argument {}", word.to_string_lossy())));
                }
            }
        }
        Ok(options)
    }
}

/// Runs all parts. What fails is said at once, and again in one line at the end; the first failure's exit
/// code is the command's.
pub(crate) fn run(options: &Options) -> Result<(), Failure> {
    let mut failures = Vec::new();
    let mut part = |name: &'static str, outcome: Result<(), Failure>| {
        if let Err(failure) = outcome {
            eprintln!("xtask: {name}: {failure}");
            failures.push((name, failure));
        }
    };
    part("purity", purity::check());
    part("rust tests", rust_tests(&options.cargo_arguments));
    if options.without_python {
        eprintln!(
            "xtask: the conformance suite and the guide's Python are left out, as asked for with --without-python"
        );
    } else {
        part("conformance", conformance());
        part("guide", guide());
    }

    let names: Vec<&str> = failures.iter().map(|(name, _)| *name).collect();
    let Some((_, first)) = failures.into_iter().next() else {
        println!("xtask test: all passed{}", if options.without_python { " (without Python)" } else { "" });
        return Ok(());
    };
    println!("xtask test: FAILED: {}", names.join(", "));
    Err(first)
}

fn rust_tests(arguments: &[OsString]) -> Result<(), Failure> {
    command::run(command::cargo().args(["test", "--workspace"]).args(arguments))
}

fn conformance() -> Result<(), Failure> {
    let python = venv::python().inspect_err(|_| {
        eprintln!("\n!! No genuine Pyro4 and Pyro5: NOTHING IS TESTED AGAINST THE REAL PROGRAMS.");
        eprintln!("!! To leave that out on purpose: cargo xtask test --without-python\n");
    })?;
    command::run(command::cargo().args(["run", "--quiet", "-p", "conformance", "--", "--python"]).arg(python))
}

/// The programs of the guide once more, this time with their Python.
fn guide() -> Result<(), Failure> {
    let python = venv::python()?;
    let mut tests = command::cargo();
    command::run(
        tests.args(["test", "--quiet", "-p", "ferropyro-examples", "--doc"]).env("FERROPYRO_PYTHON", python),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(words: &[&str]) -> Result<Options, Failure> {
        Options::parse(&words.iter().map(Into::into).collect::<Vec<OsString>>())
    }

    #[test]
    fn what_follows_two_dashes_goes_to_cargo() {
        let options = parse(&["--without-python", "--", "-p", "xtask", "--", "--nocapture"]).unwrap();
        assert!(options.without_python);
        assert_eq!(options.cargo_arguments, ["-p", "xtask", "--", "--nocapture"]);
    }

    #[test]
    fn nothing_is_left_out_unless_asked_for() {
        assert_eq!(parse(&[]).unwrap(), Options::default());
        assert!(matches!(parse(&["--no-python"]), Err(Failure::Usage(_))));
    }
}

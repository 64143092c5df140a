//! The project's own commands: `cargo xtask test`, `cargo xtask demo`, `cargo xtask venv`.
//!
//! This file only reads the command line. It takes nothing from crates.io, so that the commands start at
//! once in a fresh checkout; whatever they build, they build by running cargo.

mod command;
mod demo;
mod failure;
mod layout;
mod purity;
mod test;
mod venv;

use std::env;
use std::ffi::OsString;
use std::process::ExitCode;

use crate::failure::Failure;
use crate::test::Options;

const USAGE: &str = "\
The project's own commands.

Usage: cargo xtask <COMMAND>

Commands:
  test [--without-python] [-- ARG...]
        Run everything: the purity of the lower crates, all Rust tests, the conformance suite
        against the genuine Pyro4 and Pyro5, and the guide's Python. What follows -- goes to
        cargo test. --without-python leaves out what needs Python, and does not count that as
        a failure.
  demo  Build the ferropyro command and run its tour, with the genuine programs on the
        other side if Python is there
  venv  Make the private Python environment with the genuine Pyro4 and Pyro5 under target/pyro,
        unless it is there already, and print the path of its Python
  help  Print this text (also --help, -h)
";

fn main() -> ExitCode {
    let arguments: Vec<OsString> = env::args_os().skip(1).collect();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("xtask: {failure}");
            if matches!(failure, Failure::Usage(_)) {
                eprint!("\n{USAGE}");
            }
            failure.exit_code()
        }
    }
}

fn run(arguments: &[OsString]) -> Result<(), Failure> {
    let Some((command, rest)) = arguments.split_first() else {
        return Err(Failure::Usage("a command is missing".to_owned()));
    };
    let command = command.to_string_lossy();
    let wants_help =
        rest.iter().take_while(|word| *word != "--").any(|word| word == "--help" || word == "-h");
    match command.as_ref() {
        "test" | "demo" | "venv" if wants_help => help(),
        "--help" | "-h" | "help" => help(),
        "test" => test::run(&Options::parse(rest)?),
        "demo" => {
            refuse_arguments(&command, rest)?;
            demo::run()
        }
        "venv" => {
            refuse_arguments(&command, rest)?;
            println!("{}", venv::python()?.display());
            Ok(())
        }
        _ => Err(Failure::Usage(format!("there is no command {command:?}"))),
    }
}

fn help() -> Result<(), Failure> {
    print!("{USAGE}");
    Ok(())
}

fn refuse_arguments(command: &str, rest: &[OsString]) -> Result<(), Failure> {
    match rest.first() {
        None => Ok(()),
        Some(extra) => {
            Err(Failure::Usage(format!("{command} takes no argument {}", extra.to_string_lossy())))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fails_as_usage(words: &[&str]) -> bool {
        let arguments: Vec<OsString> = words.iter().map(Into::into).collect();
        matches!(run(&arguments), Err(Failure::Usage(_)))
    }

    #[test]
    fn a_wrong_command_line_is_a_usage_error() {
        assert!(fails_as_usage(&[]));
        assert!(fails_as_usage(&["tset"]));
        assert!(fails_as_usage(&["demo", "loudly"]));
        assert!(fails_as_usage(&["venv", "-v"]));
        assert!(fails_as_usage(&["test", "--with-python"]));
    }

    #[test]
    fn help_is_no_error() {
        assert!(run(&["--help".into()]).is_ok());
        assert!(run(&["test".into(), "--help".into()]).is_ok());
    }
}

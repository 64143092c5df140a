//! Running other programs: said aloud first, their failure turned into ours.
//!
//! Nothing here runs in the background: every program has ended when its function returns.

use std::env;
use std::ffi::OsString;
use std::process::{Command, ExitStatus};

use crate::failure::Failure;
use crate::layout;

/// The cargo that runs us, so that a pinned toolchain stays pinned; in the workspace's root.
pub(crate) fn cargo() -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo")));
    command.current_dir(layout::root());
    command
}

/// Prints the command, runs it with our own streams, and fails as it fails.
pub(crate) fn run(command: &mut Command) -> Result<(), Failure> {
    let what = describe(command);
    eprintln!("xtask: {what}");
    let status =
        command.status().map_err(|error| Failure::Other(format!("{what} did not start: {error}")))?;
    if status.success() { Ok(()) } else { Err(Failure::Exit { what, code: code(status) }) }
}

/// Runs a command for its standard output.
pub(crate) fn read(command: &mut Command) -> Result<String, Failure> {
    let what = describe(command);
    let output =
        command.output().map_err(|error| Failure::Other(format!("{what} did not start: {error}")))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    eprint!("{}", String::from_utf8_lossy(&output.stderr));
    Err(Failure::Exit { what, code: code(output.status) })
}

fn code(status: ExitStatus) -> u8 {
    status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1)
}

/// The command as a person would type it: the program's bare name and its arguments.
fn describe(command: &Command) -> String {
    let program = std::path::Path::new(command.get_program());
    let mut text = program.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    for argument in command.get_args() {
        text.push(' ');
        text.push_str(&argument.to_string_lossy());
    }
    text
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn the_exit_code_is_passed_on() {
        let failure = run(Command::new("/bin/sh").args(["-c", "exit 7"])).unwrap_err();
        assert!(matches!(&failure, Failure::Exit { code: 7, .. }));
        assert_eq!(failure.to_string(), "sh -c exit 7 failed with exit code 7");
    }

    #[test]
    fn a_program_that_is_not_there_is_named() {
        let failure = run(&mut Command::new("/nowhere/ferropyro-no-such-program")).unwrap_err();
        assert!(failure.to_string().starts_with("ferropyro-no-such-program did not start"));
    }
}

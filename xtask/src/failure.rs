//! Why a command ended without success, and the exit code that says so to the shell.
//!
//! It is no general error type: nothing here is recovered from, except [`Failure::NoPython`], which the
//! test and demo commands carry on without.

use std::fmt;
use std::process::ExitCode;

/// Why a command failed.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The command line is wrong: exit code 2.
    Usage(String),
    /// The genuine programs cannot be had; the text says why and what to do. Exit code 1.
    NoPython(String),
    /// A program that was run ended with this code, which becomes ours.
    Exit {
        /// What was run.
        what: String,
        /// Its exit code; 1 where a signal ended it.
        code: u8,
    },
    /// Anything else; the text says what to do. Exit code 1.
    Other(String),
}

impl Failure {
    pub(crate) fn exit_code(&self) -> ExitCode {
        match self {
            Self::Usage(_) => ExitCode::from(2),
            Self::Exit { code, .. } => ExitCode::from(*code),
            Self::NoPython(_) | Self::Other(_) => ExitCode::FAILURE,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage(text) | Self::NoPython(text) | Self::Other(text) => f.write_str(text),
            Self::Exit { what, code } => write!(f, "{what} failed with exit code {code}"),
        }
    }
}

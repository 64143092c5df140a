//! The log: to standard error or a file, as much as the environment asks for.

use std::fs::OpenOptions;
use std::io::{IsTerminal, stderr};
use std::sync::Mutex;

use ferropyro::Config;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::writer::BoxMakeWriter;

use crate::failure::Failure;
use crate::output::colours_wanted;

/// Where `PYRO_LOGFILE` means standard error.
const STANDARD_ERROR: &str = "{stderr}";

/// Logs what `RUST_LOG`, else `PYRO_LOGLEVEL`, asks for; by default only warnings.
pub(crate) fn start(config: &Config) -> Result<(), Failure> {
    let directives = match std::env::var("RUST_LOG") {
        Ok(directives) if !directives.is_empty() => directives,
        _ => level(config.text("LOGLEVEL"))?.to_owned(),
    };
    let filter = EnvFilter::try_new(&directives)
        .map_err(|error| Failure::usage(format!("ferropyro: RUST_LOG={directives}: {error}")))?;
    let (writer, ansi) = match config.text("LOGFILE") {
        None | Some(STANDARD_ERROR) => {
            (BoxMakeWriter::new(stderr), stderr().is_terminal() && colours_wanted())
        }
        Some(path) => {
            let file = OpenOptions::new().create(true).append(true).open(path);
            let file =
                file.map_err(|error| Failure::usage(format!("ferropyro: PYRO_LOGFILE={path}: {error}")))?;
            (BoxMakeWriter::new(Mutex::new(file)), false)
        }
    };
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(writer).with_ansi(ansi).init();
    Ok(())
}

/// Python's names of levels in ours.
fn level(name: Option<&str>) -> Result<&'static str, Failure> {
    let Some(name) = name else { return Ok("warn") };
    Ok(match name.to_ascii_uppercase().as_str() {
        "DEBUG" => "debug",
        "INFO" => "info",
        "WARNING" | "WARN" => "warn",
        "ERROR" | "CRITICAL" | "FATAL" => "error",
        _ => {
            return Err(Failure::usage(format!(
                "ferropyro: PYRO_LOGLEVEL={name} is no level (it may be DEBUG, INFO, WARNING, ERROR or CRITICAL)"
            )));
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_have_the_names_that_python_gives_them() {
        let levels = [None, Some("WARNING"), Some("critical"), Some("Debug")].map(|name| level(name).ok());
        assert_eq!(levels, [Some("warn"), Some("warn"), Some("error"), Some("debug")]);
        assert!(level(Some("LOUD")).is_err());
    }
}

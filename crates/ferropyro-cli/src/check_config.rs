//! `ferropyro check-config`: every setting, its value, and where that came from.

use ferropyro::{CallError, Config};

use crate::failure::Failure;
use crate::output::say;

/// Runs the command.
pub(crate) fn run() -> Result<(), Failure> {
    let config = Config::from_env().map_err(|error: CallError| Failure::from(error))?;
    say(&format!("Ferropyro version: {}", env!("CARGO_PKG_VERSION")));
    say("Protocol versions: 48 (Pyro4) and 502 (Pyro5)");
    say("Currently active configuration settings:");
    for (item, setting, source) in config.items() {
        let value = format!("{} = {setting}", item.name);
        say(format!("{value:<44} {source:<12} {}", item.meaning).trim_end());
    }
    for warning in config.warnings() {
        eprintln!("warning: {warning}");
    }
    Ok(())
}

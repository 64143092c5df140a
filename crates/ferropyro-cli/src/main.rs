//! The `ferropyro` command. It parses flags and calls the crates below; the work is theirs.

mod argument;
mod bridge;
mod call;
mod certs;
mod check_config;
mod cli;
mod demo;
mod echo;
mod echoserver;
mod failure;
mod inspect;
mod logging;
mod ns;
mod nsc;
mod output;
mod reach;
mod settings;
mod suggest;

use std::process::ExitCode;

use clap::Parser;
use ferropyro::Config;

use crate::cli::{Cli, Command};
use crate::failure::Failure;

fn main() -> ExitCode {
    match start(Cli::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}

fn start(command: Command) -> Result<(), Failure> {
    let config = Config::from_env()?;
    for warning in config.warnings() {
        output::complain(&format!("warning: {warning}"));
    }
    logging::start(&config)?;
    // Sockets are looked at often, so that a few busy connections do not make a new one wait.
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().event_interval(13).build();
    let runtime =
        runtime.map_err(|error| Failure::new(format!("ferropyro: cannot start a runtime: {error}")))?;
    let outcome = runtime.block_on(run(command, &config));
    // A host name that is still looked up must not hold up the end.
    runtime.shutdown_background();
    outcome
}

async fn run(command: Command, config: &Config) -> Result<(), Failure> {
    match command {
        Command::Ns(args) => ns::run(args, config).await,
        Command::Nsc(args) => nsc::run(args, config).await,
        Command::Echoserver(args) => echoserver::run(args, config).await,
        Command::Bridge(args) => bridge::run(args, config).await,
        Command::Call(args) => call::run(args, config).await,
        Command::Inspect(args) => inspect::run(args, config).await,
        Command::Certs(args) => certs::run(&args),
        Command::CheckConfig => check_config::run(config),
        Command::Demo(args) => demo::run(args).await,
    }
}

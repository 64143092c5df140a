//! The `ferropyro` command. It parses flags and calls the crates below; the work is theirs.

mod call;
mod check_config;
mod cli;
mod demo;
mod echo;
mod echoserver;
mod failure;
mod inspect;
mod ns;
mod nsc;
mod output;
mod suggest;

use std::process::ExitCode;

use clap::Parser;
use tracing_subscriber::EnvFilter;

use crate::cli::{Cli, Command};
use crate::failure::Failure;

fn main() -> ExitCode {
    let cli = Cli::parse();
    start_logging();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return Failure::new(format!("ferropyro: cannot start a runtime: {error}")).report(),
    };
    match runtime.block_on(run(cli.command)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}

async fn run(command: Command) -> Result<(), Failure> {
    match command {
        Command::Ns(args) => ns::run(args).await,
        Command::Nsc(args) => nsc::run(args).await,
        Command::Echoserver(args) => echoserver::run(args).await,
        Command::Call(args) => call::run(args).await,
        Command::Inspect(args) => inspect::run(args).await,
        Command::CheckConfig => check_config::run(),
        Command::Demo(args) => demo::run(args).await,
    }
}

/// Logs to standard error what RUST_LOG, else PYRO_LOGLEVEL, asks for; by default only warnings.
fn start_logging() {
    let level = std::env::var("RUST_LOG")
        .or_else(|_| std::env::var("PYRO_LOGLEVEL").map(|level| level.to_lowercase()));
    let filter =
        EnvFilter::try_new(level.as_deref().unwrap_or("warn")).unwrap_or_else(|_| EnvFilter::new("warn"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
}

//! The genuine Pyro programs of the tour: small scripts, shipped in the binary, run as child processes.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::time::timeout;

use crate::failure::Failure;

/// How long a script may take, far more than it needs.
const PATIENCE: Duration = Duration::from_secs(30);

/// The scripts, as they stand in the `demo` folder beside the sources.
pub(super) const GREETING: &str = include_str!("../../demo/greeting.py");
pub(super) const CHAIN: &str = include_str!("../../demo/chain.py");
pub(super) const CALLBACK: &str = include_str!("../../demo/callback.py");
pub(super) const STREAM: &str = include_str!("../../demo/stream.py");

/// An interpreter that has the genuine Pyro4 and Pyro5.
#[derive(Debug)]
pub(super) struct Python(PathBuf);

/// A script that serves an object; it ends when this is dropped, which closes its standard input.
#[derive(Debug)]
pub(super) struct Served {
    _child: Child,
    _stdin: Option<ChildStdin>,
    _stdout: Lines<BufReader<ChildStdout>>,
}

impl Python {
    /// Checks that the interpreter is there and has both packages.
    pub(super) async fn find(path: PathBuf) -> Result<Self, Failure> {
        let python = Self(path);
        python.run("import Pyro4, Pyro5.api", &[]).await.map_err(|failure| {
            failure.with_hint(&format!(
                "{} does not have Pyro4 and Pyro5: `pip install Pyro4 Pyro5`, or let `cargo xtask demo` set one up",
                python.0.display()
            ))
        })?;
        Ok(python)
    }

    fn command(&self, script: &str, args: &[&str]) -> Command {
        let mut command = Command::new(&self.0);
        command.arg("-c").arg(script).args(args).kill_on_drop(true);
        command
    }

    /// Runs a script to its end; gives what it printed.
    pub(super) async fn run(&self, script: &str, args: &[&str]) -> Result<String, Failure> {
        let output = self.command(script, args).stdin(Stdio::null()).output();
        let output = timeout(PATIENCE, output)
            .await
            .map_err(|_| Failure::new(format!("a script of the tour took more than {PATIENCE:?}")))?
            .map_err(|error| start_failure(&self.0, &error))?;
        if output.status.success() {
            return Ok(String::from_utf8_lossy(&output.stdout).trim_end().to_owned());
        }
        let errors = String::from_utf8_lossy(&output.stderr);
        Err(Failure::new(format!("a script of the tour failed ({}):\n{}", output.status, errors.trim_end())))
    }

    /// Starts a script that serves an object, and waits until it says so.
    pub(super) async fn serve(&self, script: &str, args: &[&str]) -> Result<Served, Failure> {
        let mut child = self
            .command(script, args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| start_failure(&self.0, &error))?;
        let stdin = child.stdin.take();
        let stdout = child.stdout.take().ok_or_else(|| Failure::new("the script has no standard output"))?;
        let mut lines = BufReader::new(stdout).lines();
        let line = timeout(PATIENCE, lines.next_line())
            .await
            .map_err(|_| Failure::new(format!("a script of the tour did not start within {PATIENCE:?}")))?;
        match line {
            Ok(Some(line)) if line.starts_with("serving") => {
                Ok(Served { _child: child, _stdin: stdin, _stdout: lines })
            }
            _ => Err(Failure::new("a script of the tour did not start; its error is above")),
        }
    }
}

fn start_failure(path: &Path, error: &std::io::Error) -> Failure {
    Failure::new(format!("ferropyro: cannot start {}: {error}", path.display()))
}

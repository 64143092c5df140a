//! A genuine Python program under way: started, spoken to in lines of JSON, and ended with its standard input.
//!
//! What is said to which program is not known here.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value as Json;

/// How long an answer may take. The programs themselves wait for ten seconds at most.
const PATIENCE: Duration = Duration::from_secs(20);

/// How long a program may take to end by itself once its standard input is closed.
const FAREWELL: Duration = Duration::from_secs(2);

/// The Python that has the genuine Pyro4 and Pyro5, and the suite's scripts.
#[derive(Clone, Debug)]
pub(crate) struct Python {
    /// The interpreter.
    pub(crate) interpreter: PathBuf,
    /// Where the scripts are.
    pub(crate) scripts: PathBuf,
}

impl Python {
    /// Starts a script; it is not waited for yet.
    pub(crate) fn start<A: AsRef<str>>(&self, script: &str, arguments: &[A]) -> Result<Starting, String> {
        let path = self.scripts.join(script);
        let process = Command::new(&self.interpreter)
            .arg(&path)
            .args(arguments.iter().map(AsRef::as_ref))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| format!("cannot start {}: {error}", self.interpreter.display()))?;
        let arguments: Vec<_> = arguments.iter().map(AsRef::as_ref).collect();
        Ok(Starting(Peer::new(process, format!("{script} {}", arguments.join(" ")))))
    }

    /// Whether the interpreter has the genuine programs; else what it says.
    pub(crate) fn check(&self) -> Result<(), String> {
        let output = Command::new(&self.interpreter)
            .args(["-c", "import Pyro4, Pyro5, serpent, msgpack"])
            .output()
            .map_err(|error| format!("cannot start {}: {error}", self.interpreter.display()))?;
        if output.status.success() {
            return Ok(());
        }
        let said = String::from_utf8_lossy(&output.stderr);
        Err(format!("{} lacks the genuine programs: {}", show_path(&self.interpreter), said.trim()))
    }
}

fn show_path(path: &Path) -> String {
    path.display().to_string()
}

/// A program that was started and has not said yet that it is ready.
#[derive(Debug)]
pub(crate) struct Starting(Peer);

impl Starting {
    /// Waits until the program is ready; gives it and what it said.
    pub(crate) fn ready(self) -> Result<(Peer, Json), String> {
        let Self(mut peer) = self;
        let mut answer = peer.answer()?;
        match answer.get_mut("ready") {
            Some(ready) => Ok((peer, ready.take())),
            None => Err(format!("{} said {answer} instead of being ready", peer.name)),
        }
    }
}

/// A program that takes commands. It dies with this.
#[derive(Debug)]
pub(crate) struct Peer {
    name: String,
    process: Child,
    input: Option<ChildStdin>,
    lines: Receiver<String>,
}

impl Peer {
    fn new(mut process: Child, name: String) -> Self {
        let (sender, lines) = channel();
        if let Some(output) = process.stdout.take() {
            // Ends with the program's standard output.
            thread::spawn(move || {
                for line in BufReader::new(output).lines().map_while(Result::ok) {
                    if sender.send(line).is_err() {
                        break;
                    }
                }
            });
        }
        let input = process.stdin.take();
        Self { name, process, input, lines }
    }

    /// Sends a command and waits for its answer.
    ///
    /// # Errors
    /// The program has ended, or does not answer. It is of no use any more then.
    pub(crate) fn ask(&mut self, command: &Json) -> Result<Json, String> {
        let Some(input) = &mut self.input else { return Err(format!("{} was given up", self.name)) };
        let sent = writeln!(input, "{command}").and_then(|()| input.flush());
        sent.map_err(|error| format!("{} has ended: {error}", self.name))?;
        let answer = self.answer();
        if answer.is_err() {
            // A late answer would be taken for that of the next command.
            self.input = None;
            let _ = self.process.kill();
        }
        answer
    }

    fn answer(&mut self) -> Result<Json, String> {
        let line = self.lines.recv_timeout(PATIENCE).map_err(|error| match error {
            RecvTimeoutError::Timeout => format!("{} did not answer within {PATIENCE:?}", self.name),
            RecvTimeoutError::Disconnected => format!("{} has ended", self.name),
        })?;
        serde_json::from_str(&line).map_err(|error| format!("{} said {line:?}: {error}", self.name))
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        self.input = None;
        let deadline = Instant::now() + FAREWELL;
        // The channel closes when the program closes its output, which it does at its end.
        while let Some(left) = deadline.checked_duration_since(Instant::now()) {
            if matches!(self.lines.recv_timeout(left), Err(RecvTimeoutError::Disconnected)) {
                break;
            }
        }
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

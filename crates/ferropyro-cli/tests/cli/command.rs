//! Running the binary: to its end, or as a server that is ended with its handle.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, ChildStdout, Command, Output, Stdio};

use rustix::process::{Pid, Signal, kill_process};

/// The binary, with none of this process's settings.
pub(crate) fn ferropyro(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ferropyro"));
    for (name, _) in std::env::vars_os() {
        let ours = ["PYRO_", "FERROPYRO_"].iter().any(|prefix| name.to_string_lossy().starts_with(prefix));
        if ours || name == "RUST_LOG" || name == "NO_COLOR" {
            command.env_remove(name);
        }
    }
    command.args(args).stdin(Stdio::null());
    command
}

/// How a command ended.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl From<Output> for Outcome {
    fn from(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
        Self { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
    }
}

impl Outcome {
    /// What a command that succeeded without a word on standard error has printed.
    pub(crate) fn success(self) -> String {
        assert_eq!((self.code, self.stderr.as_str()), (Some(0), ""), "it printed {:?}", self.stdout);
        self.stdout
    }
}

/// Runs a command to its end.
pub(crate) fn run(args: &[&str]) -> Outcome {
    ferropyro(args).output().expect("it starts").into()
}

/// A command that serves. It is killed with this handle.
pub(crate) struct Server {
    child: Child,
    stdout: Option<BufReader<ChildStdout>>,
}

impl Server {
    pub(crate) fn start(args: &[&str]) -> Self {
        Self::spawn(&mut ferropyro(args))
    }

    pub(crate) fn spawn(command: &mut Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
        let stdout = child.stdout.take().map(BufReader::new);
        Self { child, stdout }
    }

    /// A name server on a free port, and its address.
    pub(crate) fn names(args: &[&str]) -> (Self, String) {
        let mut server = Self::start(&[&["ns", "-p", "0"], args].concat());
        let uri = server.until("URI = ");
        let location = uri.split_once('@').expect("a URI").1.to_owned();
        (server, location)
    }

    /// An echo server on a free port, and the URI of its object.
    pub(crate) fn echo(args: &[&str]) -> (Self, String) {
        let mut server = Self::start(&[&["echoserver"], args].concat());
        let uri = server.until("echo uri: ");
        server.until("echoserver running.");
        (server, uri)
    }

    /// The next line, without its end.
    pub(crate) fn line(&mut self) -> String {
        let mut line = String::new();
        let length = self.stdout.as_mut().map_or(0, |out| out.read_line(&mut line).expect("it can be read"));
        assert!(length > 0, "the command ended: {}", self.errors());
        line.trim_end_matches('\n').to_owned()
    }

    /// Passes lines until one begins so; gives the rest of that one.
    pub(crate) fn until(&mut self, start: &str) -> String {
        loop {
            if let Some(rest) = self.line().strip_prefix(start) {
                return rest.to_owned();
            }
        }
    }

    /// Passes lines until one ends so.
    pub(crate) fn until_end(&mut self, end: &str) {
        while !self.line().ends_with(end) {}
    }

    pub(crate) fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).expect("it runs");
    }

    /// Closes its output, and waits for its end.
    pub(crate) fn stop_reading(mut self) -> Outcome {
        self.stdout = None;
        self.end()
    }

    /// Waits for its end; gives what else it printed.
    pub(crate) fn end(mut self) -> Outcome {
        let mut stdout = String::new();
        if let Some(out) = &mut self.stdout {
            out.read_to_string(&mut stdout).expect("UTF-8");
        }
        let code = self.child.wait().expect("it ends").code();
        Outcome { code, stdout, stderr: self.errors() }
    }

    fn errors(&mut self) -> String {
        let mut stderr = String::new();
        if let Some(mut pipe) = self.child.stderr.take() {
            pipe.read_to_string(&mut stderr).expect("UTF-8");
        }
        stderr
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended, which is as good.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

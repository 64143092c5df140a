//! Runs the Python blocks of the guide against a daemon, with the genuine Pyro, and compares what they print.
//!
//! Which Python that is says `FERROPYRO_PYTHON`; without it nothing happens. `cargo xtask test` sets it.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::{env, fs};

use ferropyro::Location;

use crate::chapter::{Block, python_block};

/// The address that the guide gives to all daemons.
const ADDRESS: &str = "127.0.0.1:43210";

/// Runs the Python blocks at these lines of a chapter against a daemon, and against the genuine server in the line
/// `server`, if there is one.
///
/// # Panics
/// A block prints something else than the text after it.
pub fn check(
    chapter: &str,
    callers: &[usize],
    server: Option<usize>,
    daemon: &Location,
    name_server: Option<&Location>,
) {
    let Some(python) = interpreter() else { return };
    let text = read(chapter);
    let genuine = server.and_then(|line| serve(chapter, line));
    let daemons: Vec<String> = std::iter::once(daemon.to_string())
        .chain(genuine.iter().map(|server| server.address.clone()))
        .collect();
    for line in callers {
        let place = format!("docs/guide/{chapter}:{line}");
        let (block, printed) = python_block(&text, *line)
            .unwrap_or_else(|| panic!("{place}: no text block says what this prints"));
        for address in &daemons {
            let mut command = Command::new(&python);
            command.args(["-c", &block.code.replace(ADDRESS, address)]).stdin(Stdio::null());
            // Rather an error than a test that hangs.
            command.env("PYRO_COMMTIMEOUT", "20");
            if let Some(Location::Tcp { host, port }) = name_server {
                command.env("PYRO_NS_HOST", host).env("PYRO_NS_PORT", port.to_string());
            }
            let output = command.output().unwrap_or_else(|error| panic!("{}: {error}", python.display()));
            let printed = printed.replace(ADDRESS, address);
            let said = String::from_utf8_lossy(&output.stdout);
            assert!(
                output.status.success() && matches(&said, &printed),
                "{place}, called at {address}, prints\n{said}\ninstead of\n{printed}\nand says\n{}",
                String::from_utf8_lossy(&output.stderr),
            );
        }
    }
}

/// The genuine server at a line of a chapter; none where there is no Python.
#[must_use]
pub fn serve(chapter: &str, line: usize) -> Option<Server> {
    let python = interpreter()?;
    let blocks = crate::chapter::blocks(&read(chapter));
    blocks.iter().find(|block| block.line == line).map(|block| Server::start(&python, block))
}

fn interpreter() -> Option<PathBuf> {
    env::var_os("FERROPYRO_PYTHON").filter(|path| !path.is_empty()).map(PathBuf::from)
}

fn read(chapter: &str) -> String {
    fs::read_to_string(guide().join(chapter)).expect("the guide is there")
}

/// Where the guide is.
#[must_use]
pub fn guide() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/guide")
}

/// Whether a text is the expected one, in which a line `...` stands for any number of lines.
fn matches(text: &str, expected: &str) -> bool {
    fn lines_match(text: &[&str], expected: &[&str]) -> bool {
        match expected.split_first() {
            None => text.is_empty(),
            Some((&"...", rest)) => (0..=text.len()).any(|skip| lines_match(&text[skip..], rest)),
            Some((first, rest)) => text.first() == Some(first) && lines_match(&text[1..], rest),
        }
    }
    lines_match(&text.lines().collect::<Vec<_>>(), &expected.lines().collect::<Vec<_>>())
}

/// A genuine daemon, which ends with this.
#[derive(Debug)]
pub struct Server {
    child: Child,
    address: String,
}

impl Server {
    fn start(python: &Path, block: &Block) -> Self {
        let class = block.served_class().expect("it is a server");
        let mut code = block.code.clone();
        if !code.contains("requestLoop") {
            code.push_str(&format!(
                "_daemon = Pyro5.api.Daemon(host='127.0.0.1')\n\
                 print(_daemon.register({class}, '{}'))\n\
                 _daemon.requestLoop()\n",
                class.to_lowercase()
            ));
        }
        let mut command = Command::new(python);
        command.args(["-u", "-c", &code]).stdin(Stdio::null()).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap_or_else(|error| panic!("{}: {error}", python.display()));
        let mut uri = String::new();
        let output = child.stdout.take().expect("it is a pipe");
        BufReader::new(output).read_line(&mut uri).expect("the server prints its URI");
        let address = uri.trim().split_once('@').map(|(_, address)| address.to_owned());
        let address = address.unwrap_or_else(|| panic!("the server in line {} prints {uri:?}", block.line));
        Self { child, address }
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn dots_stand_for_any_lines() {
        assert!(matches("a\nb\nc\n", "a\n...\nc\n"));
        assert!(matches("a\nc\n", "a\n...\nc\n"));
        assert!(!matches("a\nb\nd\n", "a\n...\nc\n"));
        assert!(!matches("a\nb\n", "a\n"));
    }
}

//! `ferropyro demo`: the tour. Real servers and callers, Rust and genuine Pyro side by side, one transcript.
//!
//! Everything listens on the loopback interface, on free ports, and is gone at the end.

mod callback;
mod chain;
mod greeting;
mod python;
mod stream;

use std::cell::Cell;

use ferropyro::naming::NameServer;
use ferropyro::{Client, Daemon};

use crate::cli::DemoArgs;
use crate::failure::Failure;
use crate::output::{announce, heading};
use python::Python;

/// What the steps of the tour share.
struct Tour {
    client: Client,
    /// Serves the objects of the Rust side.
    daemon: Daemon,
    names: NameServer,
    /// `host:port` of the name server, as scripts want it.
    names_at: String,
    /// The interpreter with the genuine Pyro, where there is one.
    python: Option<Python>,
    /// How many steps were shown.
    steps: Cell<u32>,
}

/// Runs the command.
pub(crate) async fn run(args: DemoArgs) -> Result<(), Failure> {
    announce("Ferropyro: objects in other processes, called as if they were here");
    let server = ferropyro_ns::NameServer::builder()
        .host("127.0.0.1")
        .port(0)
        .broadcast(false)
        .bridge(true)
        .start()
        .await?;
    let python = match args.python {
        Some(path) => Some(Python::find(path).await?),
        None => {
            announce("(No Python with the genuine Pyro was given, so this is the Rust part alone:");
            announce("`ferropyro demo --python PATH` shows all of it, `cargo xtask demo` sets one up.)");
            None
        }
    };
    let client = Client::new();
    let names_at = server.location().to_string();
    let tour = Tour {
        names: client.name_server_at(server.location().clone()).await?,
        client,
        daemon: Daemon::bind("127.0.0.1:0").await?,
        names_at,
        python,
        steps: Cell::new(0),
    };
    tour.step("A name server, for Pyro4 and Pyro5 programs alike");
    line("ferropyro ns --bridge", &server.uri().to_string());
    greeting::show(&tour).await?;
    chain::show(&tour).await?;
    callback::show(&tour).await?;
    stream::show(&tour).await?;

    title("That was it. Registered at the end:");
    for entry in tour.names.list_prefix("example.").await? {
        line(&entry.name, &entry.text);
    }
    tour.daemon.shutdown();
    server.stop().await?;
    Ok(())
}

impl Tour {
    /// The heading of the next step.
    fn step(&self, text: &str) {
        let number = self.steps.get() + 1;
        self.steps.set(number);
        title(&format!("{number}. {text}"));
    }

    /// The `PYRONAME:` URI of a name.
    fn uri(&self, name: &str) -> String {
        format!("PYRONAME:{name}@{}", self.names_at)
    }
}

/// A heading.
fn title(text: &str) {
    announce("");
    announce(&heading(text));
}

/// One line of the transcript: who or what, and what came of it.
fn line(who: &str, what: &str) {
    let mut lines = what.lines();
    announce(format!("   {who:<28} {}", lines.next().unwrap_or_default()).trim_end());
    for more in lines {
        announce(&format!("   {:<28} {more}", ""));
    }
}

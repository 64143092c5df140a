//! Sockets of other kinds, and what becomes of connections.

use ferropyro::server::DaemonBuilder;

use super::{Row, row};
use crate::caller::Uris;
use crate::column::{Column, Stop, Verdict};
use crate::command::{Act, Given, Outcome, call, to};
use crate::site::{Served, lasting_port, uris};

pub(super) fn rows() -> Vec<Row> {
    vec![
        row("Unix socket", "a daemon on a socket file", unix),
        row("abstract Unix socket", "a daemon on a name without a file (Linux)", abstract_unix),
        row("IPv6", "a daemon on ::1", ipv6),
        row("NAT", "a daemon that says another address than its own", nat),
        row("caller leaves", "the daemon notices that a caller is gone", leaves),
        row("daemon restarts", "a caller finds the daemon again that restarts on the same port", restarts),
    ]
}

pub(super) fn works(c: &mut Column<'_>, target: Uris) -> Verdict {
    c.go_to(target);
    c.is(&call("thing", "echo", &["'there'"]), "'there'")?;
    c.is(&call("thing", "add", &["1"]).keyword("b", "2"), "3")?;
    let size = 1 << 20;
    let text = Given::Value(format!("'x' * {size}"), "x".repeat(size).into());
    c.is(&call("thing", "size", &[]).with(text), &size.to_string())
}

fn unix(c: &mut Column<'_>) -> Verdict {
    let target = if c.serves() {
        let path = c.site.path("ours");
        c.site.variant("unix", DaemonBuilder::default().listen(format!("./u:{path}")))?
    } else {
        c.site.extra(c.pyro(), &["--unix", &c.site.path("genuine")])?
    };
    works(c, target)
}

fn abstract_unix(c: &mut Column<'_>) -> Verdict {
    if !cfg!(target_os = "linux") {
        return c.cannot("only Linux has abstract sockets");
    }
    // The path of the site's directory is a name that nobody else uses.
    let target = if c.serves() {
        let name = c.site.path("ours");
        c.site.variant("abstract", DaemonBuilder::default().listen(format!("./u:\0{name}")))?
    } else {
        c.site.extra(c.pyro(), &["--unix", &format!("@{}", c.site.path("genuine"))])?
    };
    works(c, target)
}

fn ipv6(c: &mut Column<'_>) -> Verdict {
    if std::net::TcpListener::bind("[::1]:0").is_err() {
        return c.cannot("this machine has no IPv6");
    }
    let target = if c.serves() {
        c.site.variant("ipv6", DaemonBuilder::default().listen("[::1]:0"))?
    } else {
        c.site.extra(c.pyro(), &["--host", "::1"])?
    };
    works(c, target)
}

fn nat(c: &mut Column<'_>) -> Verdict {
    let target = if c.serves() {
        c.site.variant("nat", DaemonBuilder::default().listen("127.0.0.1:0").nat("localhost", 0))?
    } else {
        c.site.extra(c.pyro(), &["--nat", "0"])?
    };
    let uri = target.get("references").cloned().unwrap_or_default();
    c.expect(&"the address that the daemon says", &"one at localhost", &uri, uri.contains("@localhost:"));
    c.go_to(target);
    c.is(&call("references", "uri", &[]), "<URI PYRO:references@SOME>")
}

fn leaves(c: &mut Column<'_>) -> Verdict {
    let answer = c.ask(&call("doorkeeper", "gone", &["0"]))?;
    let Outcome::Ok(before) = &answer.outcome else {
        return Err(Stop::Fail(format!("the doorkeeper says {answer}")));
    };
    let before: usize = before.parse().unwrap_or_default();
    c.is(&call("thing", "echo", &["1"]).on("guest"), "1")?;
    c.succeeds(&to("thing", Act::Release).on("guest"))?;
    c.succeeds(&call("doorkeeper", "gone", &[&(before + 1).to_string()]))
}

fn restarts(c: &mut Column<'_>) -> Verdict {
    let port = lasting_port()?;
    let echo = call("thing", "echo", &["'again'"]);
    if c.serves() {
        let served = Served::start(DaemonBuilder::default().listen(format!("127.0.0.1:{port}")))?;
        c.go_to(served.uris.clone());
        c.is(&echo, "'again'")?;
        served.stop()?;
        let _again = Served::start(DaemonBuilder::default().listen(format!("127.0.0.1:{port}")))?;
        return found_again(c);
    }
    let port = port.to_string();
    let (peer, ready) = c.site.server(c.pyro(), &["--port", &port])?;
    c.go_to(uris(&ready));
    c.is(&echo, "'again'")?;
    drop(peer);
    let _again = c.site.server(c.pyro(), &["--port", &port])?;
    found_again(c)
}

/// The first call may fail, since its connection is gone; the next one must not.
fn found_again(c: &mut Column<'_>) -> Verdict {
    let closed = c.errors("ConnectionClosedError");
    let first = c.ask(&call("thing", "echo", &["'first'"]))?;
    let good = match &first.outcome {
        Outcome::Ok(text) => text == "'first'",
        Outcome::Failed(trouble) => trouble.class == closed,
        Outcome::Unable(_) => false,
    };
    c.expect(&"the first call after the restart", &format!("'first' or {closed}"), &first, good);
    c.is(&call("thing", "echo", &["'found'"]), "'found'")
}

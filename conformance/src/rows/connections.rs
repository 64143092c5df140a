//! Handshakes, metadata, pings, the daemon's own object.

use super::{Row, row};
use crate::column::{Column, Verdict};
use crate::command::{Act, Command, Target, call, invocation, literal, to};

pub(super) fn rows() -> Vec<Row> {
    vec![
        row("handshake", "a connection is made, and the daemon's answer arrives", handshake),
        row(
            "handshake with data",
            "the validator sees what the caller says, and answers with a value",
            with_data,
        ),
        row("handshake refused", "the validator's reason arrives", refused),
        row("metadata", "methods, oneway methods and attributes, as the genuine daemon has them", metadata),
        row("unknown object", "connecting to an object that is not there fails, with the reason", unknown),
        row("ping frame", "a PING is answered", ping),
        row("Pyro.Daemon", "ping, registered, info, get_metadata", daemon),
        row("large message", "4 MiB there and back", large),
        row("threads", "several threads call at the same time, each on its connection", threads),
        row("concurrent calls", "methods of several callers run at the same time", concurrent),
        row("timeout", "a call that takes too long fails in the caller, and others go on", timeout),
        row("reconnect", "a connection that was closed is made anew by the next call", reconnect),
    ]
}

fn handshake(c: &mut Column<'_>) -> Verdict {
    c.is(&to("thing", Act::Bind).on("plain"), "['PYRO:thing@SOME', 'hello']")
}

fn with_data(c: &mut Column<'_>) -> Verdict {
    for (on, data) in
        [("answer 1", "{'answer': [1, None]}"), ("answer 2", "{'answer': {'a': 1.5}}"), ("answer 3", "7")]
    {
        c.succeeds(&to("thing", Act::Handshake(literal(data))).on(on))?;
        let expected = match on {
            "answer 1" => "['PYRO:thing@SOME', [1, None]]",
            "answer 2" => "['PYRO:thing@SOME', {'a': 1.5}]",
            _ => "['PYRO:thing@SOME', 'hello']",
        };
        c.is(&to("thing", Act::Bind).on(on), expected)?;
        c.is(&call("thing", "echo", &["1"]).on(on), "1")?;
    }
    Ok(())
}

fn refused(c: &mut Column<'_>) -> Verdict {
    c.succeeds(&to("thing", Act::Handshake(literal("{'refuse': 'not today'}"))).on("refused"))?;
    let communication = c.errors("CommunicationError");
    c.fails(&to("thing", Act::Bind).on("refused"), &communication, "not today")?;
    c.fails(&call("thing", "nothing", &[]).on("refused"), &communication, "not today")
}

fn metadata(c: &mut Column<'_>) -> Verdict {
    for thing in ["letters", "streams", "thing"] {
        c.same(&to(thing, Act::Metadata))?;
    }
    Ok(())
}

fn unknown(c: &mut Column<'_>) -> Verdict {
    let uri = c.uris().get("thing").map(|uri| uri.replace("thing", "nobody")).unwrap_or_default();
    let command = Command { target: Target::Uri(uri), ..to("thing", Act::Bind) };
    let communication = c.errors("CommunicationError");
    c.fails(&command, &communication, "unknown object")
}

fn ping(c: &mut Column<'_>) -> Verdict {
    let pong = if c.serves() { "[6, 7, b'pong']" } else { "'pong'" };
    c.is(&to("thing", Act::Ping).on("ping"), pong)?;
    c.is(&call("thing", "echo", &["1"]).on("ping"), "1")
}

fn daemon(c: &mut Column<'_>) -> Verdict {
    c.is(&call("daemon", "ping", &[]), "None")?;
    c.same_members(&call("daemon", "get_metadata", &["'letters'"]))?;
    c.same(&to("daemon", Act::Metadata))?;
    c.succeeds(&call("daemon", "registered", &[]))?;
    c.succeeds(&call("daemon", "info", &[]))?;
    c.alike(&call("daemon", "get_metadata", &["'nobody'"]))
}

fn large(c: &mut Column<'_>) -> Verdict {
    const SIZE: usize = 4 << 20;
    let text = || crate::command::Given::Value(format!("'x' * {SIZE}"), "x".repeat(SIZE).into());
    c.is(&call("thing", "size", &[]).with(text()), &SIZE.to_string())?;
    let echo = call("thing", "echo", &[]).with(text());
    let answer = c.ask(&echo)?;
    let length = match &answer.outcome {
        crate::command::Outcome::Ok(text) => text.len(),
        _ => 0,
    };
    c.expect(&"echo of 4 MiB", &(SIZE + 2), &length, length == SIZE + 2);
    Ok(())
}

fn threads(c: &mut Column<'_>) -> Verdict {
    let each = to("thing", Act::Threads { call: invocation("echo", &["1"]), threads: 4, each: 25 });
    c.is(&each, "{'1': 100}")
}

fn concurrent(c: &mut Column<'_>) -> Verdict {
    c.is(&to("thing", Act::Threads { call: invocation("meet", &["5"]), threads: 5, each: 1 }), "{'5': 5}")
}

fn timeout(c: &mut Column<'_>) -> Verdict {
    c.succeeds(&to("thing", Act::Timeout(0.2)).on("hasty"))?;
    let timeout = c.errors("TimeoutError");
    c.fails(&call("thing", "meet", &["2"]).on("hasty"), &timeout, "")?;
    c.is(&call("thing", "meet", &["2"]), "2")?;
    c.is(&call("thing", "echo", &["1"]).on("hasty"), "1")
}

fn reconnect(c: &mut Column<'_>) -> Verdict {
    c.is(&call("thing", "echo", &["1"]).on("again"), "1")?;
    c.succeeds(&to("thing", Act::Release).on("again"))?;
    c.is(&call("thing", "echo", &["2"]).on("again"), "2")
}

//! Handshakes, metadata, pings, the daemon's own object.

use ferropyro::server::DaemonBuilder;
use ferropyro::{Codec, Daemon, args};
use serde_json::json;

use super::{Row, row};
use crate::caller::Caller;
use crate::column::{Column, Stop, Verdict};
use crate::command::{Act, Answer, Command, Given, Outcome, Target, call, invocation, literal, to};
use crate::pyro::Pyro;
use crate::show::show;
use crate::site::{Served, lasting_port, uris};

pub(super) fn rows() -> Vec<Row> {
    vec![
        row("handshake", "a connection is made, and the daemon's answer arrives", handshake),
        row(
            "handshake with data",
            "the validator sees what the caller says, and answers with a value",
            with_data,
        ),
        row("handshake refused", "the validator's reason arrives", refused),
        row("metadata", "methods, oneway methods and attributes, as the genuine daemon has them", metadata)
            .across(),
        row("unknown object", "connecting to an object that is not there fails, with the reason", unknown)
            .across(),
        row(
            "object taken back",
            "an object that is unregistered is gone for connected callers too, until it comes again",
            taken_back,
        ),
        row("shutdown by a call", "a method that ends its daemon is answered first", shutdown),
        row("ping frame", "a PING is answered", ping),
        row("Pyro.Daemon", "ping, registered, info, get_metadata", daemon),
        row("large message", "4 MiB there and back", large).across(),
        row(
            "message too large",
            "a request beyond the daemon's limit is refused, and others go on",
            too_large,
        ),
        row("size limit", "the largest request that passes, and the one that is a byte larger", size_limit),
        row("many idle callers", "two hundred connections at once, each used", idle).across(),
        row("instances", "one for all, one for each connection, one for each call", instances).across(),
        row(
            "serializer refused",
            "a daemon that does not accept the caller's serializer says so",
            serializer_refused,
        ),
        row(
            "tracked resources",
            "what a method opened for its caller is closed when the caller releases, or is cut off",
            tracked,
        )
        .across(),
        row("multiplex server", "a genuine daemon that serves all its callers in one thread", multiplex),
        row("no metadata", "a Pyro4 caller that asks for no metadata", no_metadata).across(),
        row("threads", "several threads call at the same time, each on its connection", threads).across(),
        row("concurrent calls", "methods of several callers run at the same time", concurrent).across(),
        row("timeout", "a call that takes too long fails in the caller, and others go on", timeout).across(),
        row("reconnect", "a connection that was closed is made anew by the next call", reconnect).across(),
        row("retries", "a call finds its daemon restarted, and is made again by itself", retries),
        row("connected socket", "a daemon serves a socket that was connected by other means", connected),
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

fn taken_back(c: &mut Column<'_>) -> Verdict {
    let offer = call("doorkeeper", "offer", &["'passing'"]);
    let withdraw = call("doorkeeper", "withdraw", &["'passing'"]);
    let uri = c.uris().get("thing").map(|uri| uri.replace("thing", "passing")).unwrap_or_default();
    let greet = Command { target: Target::Uri(uri), ..call("thing", "greet", &[]) };
    let (daemon, communication) = (c.errors("DaemonError"), c.errors("CommunicationError"));
    c.is(&offer, "'PYRO:passing@SOME'")?;
    c.is(&greet.clone().on("connected"), "'I am passing'")?;
    c.fails(&offer, &daemon, "already registered")?;
    c.is(&withdraw, "None")?;
    c.fails(&greet.clone().on("connected"), &daemon, "unknown object")?;
    c.fails(&greet.clone().on("late"), &communication, "unknown object")?;
    c.is(&offer, "'PYRO:passing@SOME'")?;
    c.is(&greet.clone().on("connected"), "'I am passing'")?;
    c.is(&greet.on("late"), "'I am passing'")?;
    c.is(&withdraw, "None")
}

fn shutdown(c: &mut Column<'_>) -> Verdict {
    c.only_serving()?;
    let served = Served::start(DaemonBuilder::default().listen("127.0.0.1:0"))?;
    c.go_to(served.uris.clone());
    c.is(&call("doorkeeper", "close", &[]), "None")?;
    served.stop()?;
    let answer = c.ask(&call("thing", "echo", &["1"]))?;
    let communication = c.errors("CommunicationError");
    let good = matches!(&answer.outcome, Outcome::Failed(trouble) if trouble.class == communication);
    c.expect(&"a call after the end", &communication, &answer, good);
    Ok(())
}

fn ping(c: &mut Column<'_>) -> Verdict {
    let pong = if c.serves() { "[6, 7, b'pong']" } else { "'pong'" };
    c.is(&to("thing", Act::Ping).on("ping"), pong)?;
    c.is(&call("thing", "echo", &["1"]).on("ping"), "1")
}

fn daemon(c: &mut Column<'_>) -> Verdict {
    c.is(&call("daemon", "ping", &[]), "None")?;
    c.same_members(&call("daemon", "get_metadata", &["'letters'"]))?;
    if c.pyro() == Pyro::Four {
        c.same_members(&call("daemon", "get_metadata", &["'letters'"]).keyword("as_lists", "True"))?;
    }
    c.same(&to("daemon", Act::Metadata))?;
    c.succeeds(&call("daemon", "registered", &[]))?;
    c.succeeds(&call("daemon", "info", &[]))?;
    c.alike(&call("daemon", "get_metadata", &["'nobody'"]))
}

fn large(c: &mut Column<'_>) -> Verdict {
    const SIZE: usize = 4 << 20;
    let text = || Given::Value(format!("'x' * {SIZE}"), "x".repeat(SIZE).into());
    c.is(&call("thing", "size", &[]).with(text()), &SIZE.to_string())?;
    let echo = call("thing", "echo", &[]).with(text());
    let answer = c.ask(&echo)?;
    let length = match &answer.outcome {
        Outcome::Ok(text) => text.len(),
        _ => 0,
    };
    c.expect(&"echo of 4 MiB", &(SIZE + 2), &length, length == SIZE + 2);
    Ok(())
}

fn too_large(c: &mut Column<'_>) -> Verdict {
    let target = if c.serves() {
        let limited = DaemonBuilder::default().listen("127.0.0.1:0").max_message_size(20_000);
        c.site.variant("limited", limited)?
    } else {
        c.site.extra(c.pyro(), &["--config", "MAX_MESSAGE_SIZE=20000"])?
    };
    c.go_to(target);
    let text = |size: usize| Given::Value(format!("'x' * {size}"), "x".repeat(size).into());
    c.is(&call("thing", "size", &[]).with(text(10_000)), "10000")?;
    let large = call("thing", "size", &[]).with(text(30_000)).on("large");
    let answer = c.ask(&large)?;
    c.expect(&large, &"a failure", &answer, matches!(answer.outcome, Outcome::Failed(_)));
    c.is(&call("thing", "size", &[]).with(text(10_000)), "10000")?;
    c.is(&call("thing", "size", &[]).with(text(10_000)).on("large"), "10000")
}

const LIMIT: usize = 20_000;

/// The length of the longest text that a caller can send, by halving.
fn longest(mut passes: impl FnMut(usize) -> Result<bool, Stop>) -> Result<usize, Stop> {
    let (mut good, mut bad) = (LIMIT - 1000, LIMIT + 1);
    while bad - good > 1 {
        let middle = usize::midpoint(good, bad);
        if passes(middle)? { good = middle } else { bad = middle }
    }
    Ok(good)
}

fn size_limit(c: &mut Column<'_>) -> Verdict {
    let size = |length: usize| {
        let text = Given::Value(format!("'x' * {length}"), "x".repeat(length).into());
        call("thing", "size", &[]).with(text).on("limited")
    };
    let passes = |answer: &Answer, length: usize| answer.outcome == Outcome::Ok(length.to_string());
    let genuine = c.site.extra(c.pyro(), &["--config", &format!("MAX_MESSAGE_SIZE={LIMIT}")])?;
    let theirs = longest(|length| Ok(passes(&c.genuine.ask(&genuine, &size(length))?, length)))?;
    if c.serves() {
        let limited = DaemonBuilder::default()
            .listen("127.0.0.1:0")
            .max_message_size(u64::try_from(LIMIT).unwrap_or_default());
        let target = c.site.variant("limit", limited)?;
        c.go_to(target);
    } else {
        c.go_to(genuine);
    }
    let ours = longest(|length| Ok(passes(&c.ask(&size(length))?, length)))?;
    // Requests of a genuine caller are what they are; ours may be some bytes shorter or longer around their data.
    let slack = if c.serves() { 0 } else { 64 };
    let good = ours.abs_diff(theirs) <= slack;
    c.expect(&"the longest text", &theirs, &ours, good);
    c.is(&size(10_000), "10000")
}

fn idle(c: &mut Column<'_>) -> Verdict {
    if c.serves() {
        let uri = c.uris().get("thing").cloned().unwrap_or_default();
        let all = format!(
            "(lambda all: [[q.echo(1) for q in all], [q._pyroRelease() for q in all]][0] == [1] * 200)([Proxy('{uri}') for _ in range(200)])"
        );
        return c.is(&to("thing", Act::Eval(all)), "True");
    }
    let proxy = c.proxy("thing", |client| client)?;
    let all: Vec<_> = (0..200).map(|_| proxy.fork()).collect();
    let right =
        all.iter().filter(|proxy| proxy.call("echo", (1,)).wait().is_ok_and(|one| one == 1.into())).count();
    c.equal("right answers", "200", &right.to_string());
    Ok(())
}

fn instances(c: &mut Column<'_>) -> Verdict {
    for (connection, count) in [("a", "1"), ("a", "2"), ("b", "1"), ("a", "3")] {
        c.is(&call("session", "count", &[]).on(connection), count)?;
        c.is(&call("percall", "count", &[]).on(connection), "1")?;
    }
    c.succeeds(&to("session", Act::Release).on("a"))?;
    c.is(&call("session", "count", &[]).on("a"), "1")?;
    let first = c.ask(&call("single", "count", &[]).on("a"))?;
    let next = match &first.outcome {
        Outcome::Ok(count) => count.parse::<i64>().unwrap_or_default() + 1,
        _ => 1,
    };
    c.is(&call("single", "count", &[]).on("b"), &next.to_string())
}

fn serializer_refused(c: &mut Column<'_>) -> Verdict {
    let serpent = c.codec() == Codec::Serpent;
    let target = if c.serves() {
        let (name, only) =
            if serpent { ("only json", Codec::Json) } else { ("only serpent", Codec::Serpent) };
        let builder = DaemonBuilder::default().listen("127.0.0.1:0").accept_codecs([only]);
        c.site.variant(name, builder)?
    } else {
        if c.pyro() == Pyro::Five {
            return c.cannot("a Pyro5 daemon accepts all serializers");
        }
        let only = if serpent { "json" } else { "serpent" };
        c.site.extra(c.pyro(), &["--config", &format!("SERIALIZERS_ACCEPTED={{'{only}'}}")])?
    };
    c.go_to(target);
    let answer = c.ask(&call("thing", "echo", &["1"]))?;
    let good = matches!(&answer.outcome, Outcome::Failed(trouble) if trouble.text.contains("serializer"));
    c.expect(&"a call by a serializer that is not accepted", &"a refusal that says so", &answer, good);
    Ok(())
}

fn tracked(c: &mut Column<'_>) -> Verdict {
    let answer = c.ask(&call("context", "closed", &["0"]))?;
    let mut closed = match &answer.outcome {
        Outcome::Ok(events) => events.matches("'resource'").count(),
        _ => 0,
    };
    c.is(&call("context", "track", &["'resource'"]).on("guest"), "None")?;
    c.succeeds(&to("context", Act::Release).on("guest"))?;
    closed += 1;
    c.succeeds(&call("context", "closed", &[&closed.to_string()]))?;
    if c.serves() {
        // The socket is shut down behind the proxy's back, in the middle of a message.
        c.is(&call("context", "track", &["'resource'"]).on("cut"), "None")?;
        let cut = "[p._pyroConnection.sock.sendall(b'PYRO'), p._pyroConnection.sock.shutdown(2), None][2]";
        c.is(&to("context", Act::Eval(cut.to_owned())).on("cut"), "None")?;
        closed += 1;
        c.succeeds(&call("context", "closed", &[&closed.to_string()]))?;
        c.succeeds(&to("context", Act::Release).on("cut"))?;
    }
    c.is(&call("context", "track", &["'resource'"]).on("another"), "None")?;
    c.is(&call("thing", "echo", &["1"]), "1")?;
    c.succeeds(&to("context", Act::Release).on("another"))?;
    closed += 1;
    c.succeeds(&call("context", "closed", &[&closed.to_string()]))
}

fn multiplex(c: &mut Column<'_>) -> Verdict {
    c.only_calling()?;
    let target = c.site.extra(c.pyro(), &["--config", "SERVERTYPE='multiplex'"])?;
    c.go_to(target);
    c.is(&call("thing", "add", &["1"]), "11")?;
    c.is(
        &to("thing", Act::Threads { call: invocation("echo", &["1"]), threads: 4, each: 25 }),
        "{'1': 100}",
    )?;
    let countdown = Act::Stream { call: invocation("countdown", &["3"]), take: None, close: false };
    c.is(&to("streams", countdown), "[3, 2, 1]")?;
    c.fails(&call("failures", "fail", &["'ValueError'", "'x'"]), "ValueError", "x")
}

fn no_metadata(c: &mut Column<'_>) -> Verdict {
    c.only_serving()?;
    if c.pyro() == Pyro::Five {
        return c.cannot("Pyro5 always asks for metadata");
    }
    let metadata = |wanted: bool| json!({"cmd": "config", "set": {"METADATA": wanted}});
    c.raw_is(&metadata(false), "None")?;
    let answered = c.is(&call("thing", "add", &["1"]).on("unknowing"), "11");
    let refused = c.fails(&call("thing", "nope", &[]).on("unknowing"), "AttributeError", "nope");
    c.raw_is(&metadata(true), "None")?;
    answered.and(refused)
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

fn retries(c: &mut Column<'_>) -> Verdict {
    let port = lasting_port()?;
    if c.serves() {
        let served = Served::start(DaemonBuilder::default().listen(format!("127.0.0.1:{port}")))?;
        c.go_to(served.uris.clone());
        let uri = c.uris().get("thing").cloned().unwrap_or_default();
        c.raw_is(&json!({"cmd": "options", "uri": uri, "retries": 3}), "None")?;
        c.is(&call("thing", "echo", &["'before'"]), "'before'")?;
        served.stop()?;
        let _again = Served::start(DaemonBuilder::default().listen(format!("127.0.0.1:{port}")))?;
        return c.is(&call("thing", "echo", &["'after'"]), "'after'");
    }
    let port = port.to_string();
    let (peer, ready) = c.site.server(c.pyro(), &["--port", &port])?;
    c.go_to(uris(&ready));
    let proxy = c.proxy("thing", |client| client.max_retries(3))?;
    let echo = |text: &'static str| {
        let echoed = proxy.call("echo", args![text]).wait();
        echoed.map_or_else(|error| error.to_string(), |value| show(&value))
    };
    c.equal("before", "'before'", &echo("before"));
    drop(peer);
    let _again = c.site.server(c.pyro(), &["--port", &port])?;
    c.equal("after", "'after'", &echo("after"));
    Ok(())
}

fn connected(c: &mut Column<'_>) -> Verdict {
    c.only_serving()?;
    let io = |error: std::io::Error| error.to_string();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").map_err(io)?;
    let place = listener.local_addr().map_err(io)?.to_string();
    let served = Served::start(DaemonBuilder::default().listen("127.0.0.1:0"))?;
    let daemon: Daemon = served.daemon();
    let accepting = std::thread::spawn({
        let runtime = c.site.runtime.handle().clone();
        move || {
            let (stream, _) = listener.accept()?;
            stream.set_nonblocking(true)?;
            let _runtime = runtime.enter();
            daemon.serve_connection(tokio::net::TcpStream::from_std(stream)?);
            Ok::<_, std::io::Error>(())
        }
    });
    let verdict = c.raw_is(
        &json!({"cmd": "connected", "place": place, "id": "thing", "method": "add", "args": "(1,)"}),
        "[11, 11]",
    );
    accepting.join().map_err(|_| "accepting panicked".to_owned())?.map_err(io)?;
    verdict
}

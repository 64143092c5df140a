//! What only a bridge does: how genuine programs of one kind come to objects of the other, and what happens when
//! one end goes away. That calls arrive whole is what the rows of other groups say, which run in its columns, too.

use ferropyro::Codec;
use ferropyro::literal::repr;
use serde_json::json;

use super::{Row, row};
use crate::caller::{Caller, Uris};
use crate::column::{Column, Stop, Verdict};
use crate::command::{Act, Answer, Command, Given, Outcome, Target, call, invocation, literal, quoted, to};
use crate::pyro::Pyro;
use crate::site;

pub(super) fn rows() -> Vec<Row> {
    vec![
        row(
            "bridged names",
            "lookups, lists and searches give each kind of program an address that it can use",
            names,
        ),
        row("bridged by name", "a PYRONAME or PYROMETA address is resolved, and its object called", by_name),
        row(
            "bridged references",
            "proxies within arguments, results, streams and exceptions lead across and back, and keep no detour",
            references,
        ),
        row(
            "bridged third party",
            "a proxy of an object of the caller's kind is handed over, and called",
            third,
        ),
        row("bridged traceback", "the traceback is that of the method, and its notes come along", traceback),
        row(
            "bridged transports",
            "objects behind Unix sockets, IPv6, and a server with one thread",
            transports,
        ),
        row(
            "bridged serializer refused",
            "a server that does not accept the caller's serializer is spoken to in another",
            serializer_refused,
        ),
        row(
            "bridged server vanishes",
            "in the middle of a call, and comes back: callers hear what they would hear without a bridge",
            vanishes,
        ),
        row("bridged callback in vain", "the object that is to be called back has gone", in_vain),
    ]
}

/// What the genuine caller answers, the bridge's part in its addresses included.
fn whole(c: &mut Column<'_>, command: &Command) -> Result<String, Stop> {
    let target = c.uris().clone();
    text(c.genuine.ask(&target, command)?)
}

fn text(answer: Answer) -> Result<String, Stop> {
    match answer.outcome {
        Outcome::Ok(text) => Ok(text),
        _ => Err(Stop::Fail(answer.to_string())),
    }
}

fn names(c: &mut Column<'_>) -> Verdict {
    c.only_bridging()?;
    let far = c.site.extra(c.pyro().other(), &["--ns", &c.site.bridge_names.location])?;
    let direct = far.get("thing").cloned().unwrap_or_default();
    let bridged = c.uris().get("thing").cloned().unwrap_or_default();
    c.expect(
        &"the address that was looked up",
        &"one of the bridge",
        &bridged,
        bridged.contains("bridge/thing%40"),
    );
    let tags = call("ns", "set_metadata", &["'conformance.thing'", "['c.far']"]);
    c.is(&tags, "None")?;
    let search = |pyro: Pyro| match pyro {
        Pyro::Four => call("ns", "list", &[]).keyword("metadata_all", "['c.far']"),
        Pyro::Five => call("ns", "yplookup", &[]).keyword("meta_all", "['c.far']"),
    };
    let mut questions = vec![
        call("ns", "lookup", &["'conformance.thing'"]),
        call("ns", "list", &[]).keyword("prefix", "'conformance.thi'"),
        call("ns", "list", &[]).keyword("regex", "'conformance.thing'"),
    ];
    if c.codec() != Codec::Marshal {
        // A genuine name server fails to encode an address beside its tags in marshal; so do we, as they do.
        questions.push(call("ns", "lookup", &["'conformance.thing'"]).keyword("return_metadata", "True"));
    }
    let target = c.uris().clone();
    for (own, other) in questions
        .into_iter()
        .map(|question| (question.clone(), question))
        .chain([(search(c.pyro()), search(c.pyro().other()))])
    {
        let seen = whole(c, &own)?;
        let good = seen.contains(&bridged) && !seen.contains("PYRO:thing@");
        c.expect(&own, &bridged, &seen, good);
        let seen = text(c.site.with_other(|caller| caller.ask(&target, &other))?)?;
        c.expect(&other, &direct, &seen, seen.contains(&direct) && !seen.contains("bridge/"));
    }
    // Each can use what it was given.
    c.is(&call("thing", "add", &["1"]), "11")?;
    let directly = Command { target: Target::Uri(direct), ..call("thing", "add", &["1"]) };
    let answer = text(c.site.with_other(|caller| caller.ask(&target, &directly))?)?;
    c.equal("a call without the bridge", "11", &answer);
    // Who registers what it looked up makes no detour longer: each gets the same again.
    c.is(&call("ns", "register", &["'c.again'", &quoted(&bridged)]), "None")?;
    let again = call("ns", "lookup", &["'c.again'"]);
    let seen = whole(c, &again)?;
    c.equal("a bridged address that was registered", &format!("<URI {bridged}>"), &seen);
    let seen = text(c.site.with_other(|caller| caller.ask(&target, &again))?)?;
    c.expect(&again, &"no detour", &seen, !seen.contains("bridge/"));
    c.is(&call("ns", "remove", &["'c.again'"]), "1")?;
    c.is(&call("ns", "set_metadata", &["'conformance.thing'", "[]"]), "None")
}

fn by_name(c: &mut Column<'_>) -> Verdict {
    c.only_bridging()?;
    let at = |c: &Column<'_>, name: &str, act: Act| {
        let uri = format!("{name}@{}", c.site.bridge_names.location);
        Command { target: Target::Uri(uri), ..to("thing", act) }
    };
    let command = at(c, "PYRONAME:conformance.thing", Act::Call(invocation("add", &["1"])));
    c.is(&command, "11")?;
    c.is(&call("ns", "set_metadata", &["'conformance.failures'", "['c.failing']"]), "None")?;
    let failing = at(c, "PYROMETA:c.failing", Act::Call(invocation("fail", &["'KeyError'", "'x'"])));
    c.fails(&failing, "KeyError", "x")?;
    let (naming, nobody) = (c.errors("NamingError"), at(c, "PYRONAME:conformance.nobody", Act::Bind));
    c.fails(&nobody, &naming, "unknown name")?;
    c.is(&call("ns", "set_metadata", &["'conformance.failures'", "[]"]), "None")
}

fn references(c: &mut Column<'_>) -> Verdict {
    c.only_bridging()?;
    let uri = c.uris().get("thing").cloned().unwrap_or_default();
    let proxy = format!("Proxy('{uri}')");
    // Nobody shows a proxy of marshal, which only replaces them at the top.
    if c.codec() != Codec::Marshal {
        let inside = format!("[{{'a': [{proxy}]}}, ({proxy}, 1)]");
        let there = to("thing", Act::Eval(format!("p.describe({inside})")));
        let seen = whole(c, &there)?;
        c.expect(
            &there,
            &"the object's own address",
            &seen,
            seen.contains("PYRO:thing@") && !seen.contains("bridge/"),
        );
        let used = format!("(lambda x: [x[0]['a'][0].add(1), x[1][0].add(2), x[1][1]])(p.echo({inside}))");
        c.is(&to("thing", Act::Eval(used)), "[11, 12, 1]")?;
    }
    if c.codec() != Codec::Marshal {
        let items = to("streams", Act::Eval(format!("[x.add(1) for x in p.iterator([{proxy}, {proxy}])]")));
        c.is(&items, "[11, 11]")?;
        let failing = call("failures", "fail", &["'ValueError'"]).with(Given::Proxy("thing"));
        let target = c.uris().clone();
        let answer = c.genuine.ask(&target, &failing)?;
        let good = matches!(&answer.outcome, Outcome::Failed(trouble) if trouble.args.contains(&uri));
        c.expect(&failing, &format!("an exception with {uri}"), &answer, good);
    }
    // What the server makes is an object that the caller can use, alone, in a list, as an address.
    let address = whole(c, &call("references", "uri", &[]))?;
    c.expect(
        &"an address as a result",
        &"one of the bridge",
        &address,
        address.contains("PYRO:bridge/references%40"),
    );
    let proxy = to("references", Act::Eval("p.proxy().proxy().same(p)".to_owned()));
    if c.codec() == Codec::Marshal { Ok(()) } else { c.is(&proxy, "True") }
}

fn third(c: &mut Column<'_>) -> Verdict {
    c.only_bridging()?;
    let own = c.site.genuine.get("thing").cloned().unwrap_or_default();
    let proxy = Given::Value(format!("Proxy('{own}')"), ferropyro::Value::None);
    let add = call("references", "call", &[]).with(proxy).with(literal("'add'")).with(literal("1"));
    if c.codec() != Codec::Marshal {
        c.is(&add, "11")?;
    }
    // The bridge does not look into texts.
    let gone = call("references", "call_uri", &[&quoted(&own), "'add'", "1"]);
    let answer = c.ask(&gone)?;
    let good = matches!(answer.outcome, Outcome::Failed(_));
    c.expect(&gone, &"a failure: a text is handed on as it is", &answer, good);
    Ok(())
}

fn traceback(c: &mut Column<'_>) -> Verdict {
    c.only_bridging()?;
    let uri = c.uris().get("failures").cloned().unwrap_or_default();
    let command = json!({ "cmd": "traceback", "uri": uri, "method": "fail_in_depth", "args": "(3,)" });
    let seen = text(c.raw(&command)?)?;
    let good = seen.matches("things.py").count() >= 4 && seen.contains("ArithmeticError: the bottom");
    c.expect(&command, &"the lines of things.py", &seen, good);
    let notes = call("failures", "fail", &["'ValueError'", "'x'"]).keyword("__notes__", "['one', 'two']");
    c.same(&notes)?;
    c.same(&call("failures", "fail", &["'CustomError'", "'x'"]).keyword("code", "1"))
}

fn transports(c: &mut Column<'_>) -> Verdict {
    c.only_bridging()?;
    let other = c.pyro().other();
    let path = c.site.path(&format!("far-{}", c.heading).replace(' ', "-"));
    let mut ways = vec![vec!["--unix", &*path], vec!["--config", "SERVERTYPE='multiplex'"]];
    if std::net::TcpListener::bind("[::1]:0").is_ok() {
        ways.push(vec!["--host", "::1"]);
    }
    for way in ways {
        let far = c.site.extra(other, &way)?;
        c.go_behind(&far, &["thing", "streams", "failures", "session"])?;
        c.is(&call("thing", "add", &["1"]), "11")?;
        let countdown = Act::Stream { call: invocation("countdown", &["3"]), take: None, close: false };
        c.is(&to("streams", countdown), "[3, 2, 1]")?;
        c.fails(&call("failures", "fail", &["'ValueError'", "'x'"]), "ValueError", "x")?;
        c.is(&call("session", "count", &[]), "1")?;
    }
    Ok(())
}

fn serializer_refused(c: &mut Column<'_>) -> Verdict {
    c.only_bridging()?;
    if c.pyro() == Pyro::Four {
        return c.cannot("a Pyro5 daemon accepts all serializers");
    }
    for only in ["json", "serpent"] {
        let far = c.site.extra(Pyro::Four, &["--config", &format!("SERIALIZERS_ACCEPTED={{'{only}'}}")])?;
        c.go_behind(&far, &["thing", "streams"])?;
        c.is(&to("thing", Act::Oneway(invocation("unblock", &[]))).on("first of all"), "None")?;
        c.is(&call("thing", "block", &[]), "True")?;
        c.is(&call("thing", "add", &["1"]), "11")?;
        c.is(&to("streams", Act::Eval("list(p.countdown(2))".to_owned())), "[2, 1]")?;
        c.is(&call("thing", "forget", &[]), "None")?;
    }
    Ok(())
}

fn vanishes(c: &mut Column<'_>) -> Verdict {
    c.only_bridging()?;
    let (pyro, other) = (c.pyro(), c.pyro().other());
    let vanish = call("doorkeeper", "vanish", &[]);
    let first = call("session", "count", &[]);
    let mut heard = Vec::new();
    for kind in [pyro, other] {
        let port = site::lasting_port()?.to_string();
        let (peer, ready) = c.site.server(kind, &["--port", &port])?;
        let uris = site::uris(&ready);
        if kind == pyro {
            c.go_to(uris.clone());
        } else {
            let target = c.site.target(crate::pyro::Direction::Bridge, c.genuine)?;
            c.go_to(target);
            c.go_behind(&uris, &["doorkeeper", "session", "streams"])?;
        }
        c.is(&first, "1")?;
        c.is(&first, "2")?;
        let mut story = vec![class(c.ask(&vanish)?)];
        // Waits until it has ended.
        drop(peer);
        story.extend([class(c.ask(&vanish)?), class(c.ask(&first)?)]);
        let again = c.site.server(kind, &["--port", &port])?;
        // Who has lost the connection already connects anew, with an instance of its own.
        story.push(class(c.ask(&first)?));
        story.push(class(c.ask(&first)?));
        drop(again);
        heard.push(story.join(", "));
    }
    if let [expected, got] = heard.as_slice() {
        c.equal("what is heard when the server vanishes, is gone, and is back", expected, got);
    }
    Ok(())
}

/// The class of an exception, or the result.
fn class(answer: Answer) -> String {
    match answer.outcome {
        Outcome::Failed(trouble) => trouble.class,
        _ => answer.to_string(),
    }
}

fn in_vain(c: &mut Column<'_>) -> Verdict {
    c.only_bridging()?;
    if c.codec() == Codec::Marshal {
        return c.cannot("marshal of Pyro does not replace objects by proxies");
    }
    let target = Uris::clone(c.uris());
    let mut gone = c.site.caller(c.pyro())?;
    let listener = to("references", Act::Eval("str(listener_uri)".to_owned()));
    let uri = text(gone.ask(&target, &listener)?)?;
    drop(gone);
    let proxy = Given::Value(format!("Proxy({uri})"), ferropyro::Value::None);
    let command = call("references", "call", &[]).with(proxy).with(literal("'answer'")).with(literal("1"));
    c.alike(&command)?;
    c.is(&call("references", "same", &[]).with(Given::Proxy("references")), "True")?;
    // What has gone can be asked for, too.
    let naming = call("ns", "register", &["'c.gone'", &uri]);
    c.is(&naming, "None")?;
    let found = c.ask(&call("ns", "lookup", &["'c.gone'"]))?;
    c.equal("an address where nobody answers", "<URI PYRO:listener@SOME>", &found.to_string());
    let all = c.ask(&call("ns", "list", &[]).keyword("prefix", &repr(&"c.gone".into())))?;
    c.equal("a list with it", "{'c.gone': 'PYRO:listener@SOME'}", &all.to_string());
    c.is(&call("ns", "remove", &["'c.gone'"]), "1")
}

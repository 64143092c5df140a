//! Calls: how arguments are given, and which names can be called.

use ferropyro::Codec;
use serde_json::json;

use super::{Row, row};
use crate::column::{Column, Verdict};
use crate::command::{Act, call, invocation, to};
use crate::pyro::Pyro;

pub(super) fn rows() -> Vec<Row> {
    vec![
        row("call", "positional, keyword and default arguments", arguments),
        row("wrong arguments", "too few, too many, unknown: a TypeError with a traceback", wrong_arguments),
        row("names", "dunder, inherited, class and static methods can be called", names),
        row("private name", "a name with an underscore is out of reach", private),
        row("unexposed name", "unknown, unexposed and dotted names are AttributeErrors", unexposed),
        row("keyword names", "keywords beyond ASCII, and many of them", keyword_names),
        row("inside of a proxy", "len, index and iteration of a Pyro5 proxy are calls", inside),
        row("asynchronous proxy", "calls and batches in the background, as Pyro4 has them", asynchronous),
        row("shared proxy", "several threads on one connection", shared),
        row("bare object", "an object that exposes nothing cannot be used", bare),
    ]
}

fn arguments(c: &mut Column<'_>) -> Verdict {
    c.is(&call("thing", "add", &["1", "2"]), "3")?;
    c.is(&call("thing", "add", &["1"]).keyword("b", "2"), "3")?;
    c.is(&call("thing", "add", &[]).keyword("b", "2").keyword("a", "1"), "3")?;
    c.is(&call("thing", "add", &["1"]), "11")?;
    c.is(&call("thing", "nothing", &[]), "None")?;
    c.same(&call("thing", "arguments", &[]))?;
    c.same(&call("thing", "arguments", &["1", "'zwei'", "None"]))?;
    c.same(&call("thing", "arguments", &["1"]).keyword("b", "2").keyword("a", "'x'"))
}

fn wrong_arguments(c: &mut Column<'_>) -> Verdict {
    c.alike(&call("thing", "add", &[]))?;
    c.alike(&call("thing", "add", &["1", "2", "3"]))?;
    c.alike(&call("thing", "add", &["1"]).keyword("c", "2"))?;
    c.alike(&call("thing", "add", &["1"]).keyword("a", "2"))?;
    c.alike(&call("thing", "nothing", &["1"]))?;
    c.is(&call("thing", "add", &["1", "2"]), "3")
}

fn names(c: &mut Column<'_>) -> Verdict {
    for method in ["__dunder__", "inherited", "of_the_class", "of_nobody"] {
        c.same(&call("thing", method, &[]))?;
    }
    Ok(())
}

fn private(c: &mut Column<'_>) -> Verdict {
    for method in ["_private", "_Thing__private", "__private"] {
        c.fails(&call("thing", method, &[]), "AttributeError", "no exposed attribute")?;
        unchecked(c, method)?;
    }
    Ok(())
}

fn unexposed(c: &mut Column<'_>) -> Verdict {
    for method in ["nope", "unexposed", "constant", "motto", "echo.__class__", "", "ëcho"] {
        unchecked(c, method)?;
    }
    c.fails(&call("thing", "nope", &[]), "AttributeError", "no exposed attribute or method 'nope'")?;
    c.is(&call("thing", "echo", &["1"]), "1")
}

/// What a caller gets that does not look at the metadata.
fn unchecked(c: &mut Column<'_>, method: &str) -> Verdict {
    c.alike(&to("thing", Act::Unchecked(invocation(method, &[]))))
}

fn keyword_names(c: &mut Column<'_>) -> Verdict {
    c.same(&call("thing", "arguments", &[]).keyword("größe", "1").keyword("名前", "'x'"))?;
    c.same(
        &call("thing", "arguments", &[]).keyword("method", "1").keyword("params", "2").keyword("object", "3"),
    )
}

fn inside(c: &mut Column<'_>) -> Verdict {
    c.is(&call("letters", "__len__", &[]), "3")?;
    c.is(&call("letters", "__getitem__", &["1"]), "'b'")?;
    c.fails(&call("letters", "__getitem__", &["7"]), "IndexError", "")?;
    if !c.serves() {
        return Ok(());
    }
    if c.pyro() == Pyro::Four {
        return c.cannot("Pyro4 proxies have no inside");
    }
    c.is(
        &to("letters", Act::Eval("[len(p), p[1], list(p), bool(p)]".to_owned())),
        "[3, 'b', ['a', 'b', 'c'], True]",
    )
}

fn asynchronous(c: &mut Column<'_>) -> Verdict {
    c.only_serving()?;
    if c.pyro() == Pyro::Five {
        return c.cannot("Pyro5 has no asynchronous proxies");
    }
    let uri = c.uris().get("thing").cloned().unwrap_or_default();
    let call =
        |method: &str, args: &str| json!({"cmd": "async_call", "uri": uri, "method": method, "args": args});
    c.raw_is(&call("add", "(1,)"), "11")?;
    if c.codec() == Codec::Marshal {
        return Ok(());
    }
    c.raw_is(
        &json!({"cmd": "async_batch", "uri": uri, "calls": [["echo", "(1,)"], ["add", "(1,)"]]}),
        "[1, 11]",
    )
}

fn shared(c: &mut Column<'_>) -> Verdict {
    if c.serves() {
        if c.pyro() == Pyro::Five {
            return c.cannot("a Pyro5 proxy belongs to one thread");
        }
        let uri = c.uris().get("thing").cloned().unwrap_or_default();
        let threads = json!({
            "cmd": "threads", "uri": uri, "method": "echo", "args": "(1,)", "threads": 4, "each": 25, "shared": true,
        });
        return c.raw_is(&threads, "{'1': 100}");
    }
    let proxy = c.proxy("thing", |client| client)?;
    let right: i64 = std::thread::scope(|scope| {
        let work = |start: i64| {
            let proxy = proxy.clone();
            let echo = move |number: i64| {
                proxy.call("echo", (number,)).wait().is_ok_and(|echo| echo == number.into())
            };
            move || (start..start + 25).filter(|number| echo(*number)).count()
        };
        let workers: Vec<_> = [0, 100, 200, 300].map(|start| scope.spawn(work(start))).into_iter().collect();
        workers
            .into_iter()
            .map(|worker| worker.join().unwrap_or_default())
            .sum::<usize>()
            .try_into()
            .unwrap_or(0)
    });
    c.equal("right answers", "100", &right.to_string());
    Ok(())
}

fn bare(c: &mut Column<'_>) -> Verdict {
    if c.serves() {
        c.same(&to("bare", Act::Bind).on("bare"))
    } else {
        c.fails(
            &call("bare", "method", &[]),
            &c.errors("PyroError"),
            "doesn't expose any methods or attributes",
        )
    }
}

//! Exceptions of all kinds.

use serde_json::json;

use super::{Row, row};
use crate::column::{Column, Stop, Verdict};
use crate::command::{Outcome, call};

pub(super) fn rows() -> Vec<Row> {
    vec![
        row("builtin exception", "class, arguments, text and traceback of builtin exceptions", builtin),
        row("every builtin exception", "each class of them, Unicode's with their five arguments", every),
        row("Pyro's exception", "an exception of Pyro's own module", of_pyro),
        row("custom exception", "an exception that both ends register by a name of ours", custom),
        row("exception attributes", "what an exception carries beside its arguments", attributes),
        row("exception notes", "what `add_note` has added", notes),
        row("unknown exception", "an exception that nobody else knows", unknown),
        row("exception as value", "an exception that is returned, not raised", returned),
        row(
            "what cannot be sent",
            "a result, and an exception, that the serializer lacks: an error, and others go on",
            unsendable,
        ),
        row("chained exception", "an exception with a cause", chained),
        row("traceback", "a remote traceback that says where", traceback),
        row(
            "traceback lines",
            "each call of the other side has its line, the exception the last one",
            traceback_lines,
        ),
        row("detailed traceback", "a genuine daemon that shows the local variables too", detailed),
    ]
}

fn builtin(c: &mut Column<'_>) -> Verdict {
    c.same(&call("failures", "fail", &["'ValueError'", "'a text'"]))?;
    c.same(&call("failures", "fail", &["'ZeroDivisionError'", "'by'", "0"]))?;
    c.same(&call("failures", "fail", &["'KeyError'", "'key'"]))?;
    c.same(&call("failures", "fail", &["'RuntimeError'"]))?;
    // What `str` makes of this one is a matter of its class.
    c.alike(&call("failures", "fail", &["'FileNotFoundError'", "2", "'No such file'"]))?;
    c.same(&call("failures", "fail", &["'ValueError'", "[1, None]", "{'a': 'b'}"]))?;
    c.same(&call("failures", "fail", &["'StopIteration'"]))?;
    c.is(&call("thing", "echo", &["1"]), "1")
}

/// The classes that can be made of one text, except for those that end a program.
const BUILTIN: [&str; 58] = [
    "ArithmeticError",
    "AssertionError",
    "AttributeError",
    "BlockingIOError",
    "BrokenPipeError",
    "BufferError",
    "BytesWarning",
    "ChildProcessError",
    "ConnectionAbortedError",
    "ConnectionError",
    "ConnectionRefusedError",
    "ConnectionResetError",
    "DeprecationWarning",
    "EOFError",
    "Exception",
    "FileExistsError",
    "FileNotFoundError",
    "FloatingPointError",
    "FutureWarning",
    "ImportError",
    "ImportWarning",
    "IndentationError",
    "IndexError",
    "InterruptedError",
    "IsADirectoryError",
    "KeyError",
    "LookupError",
    "MemoryError",
    "ModuleNotFoundError",
    "NameError",
    "NotADirectoryError",
    "NotImplementedError",
    "OSError",
    "OverflowError",
    "PendingDeprecationWarning",
    "PermissionError",
    "ProcessLookupError",
    "RecursionError",
    "ReferenceError",
    "ResourceWarning",
    "RuntimeError",
    "RuntimeWarning",
    "StopAsyncIteration",
    "StopIteration",
    "SyntaxError",
    "SyntaxWarning",
    "SystemError",
    "TabError",
    "TypeError",
    "UnboundLocalError",
    "UnicodeError",
    "UnicodeWarning",
    "UserWarning",
    "ValueError",
    "Warning",
    "ZeroDivisionError",
    "EnvironmentError",
    "IOError",
];

fn every(c: &mut Column<'_>) -> Verdict {
    for class in BUILTIN {
        c.same(&call("failures", "fail", &[&format!("'{class}'"), "'a text'"]))?;
    }
    if c.serves() && !c.bridges() {
        // A genuine daemon takes it for a timeout of its own, and closes the connection.
        c.fails(&call("failures", "fail", &["'TimeoutError'", "'a text'"]), "TimeoutError", "a text")?;
    }
    c.alike(&call("failures", "fail", &["'UnicodeEncodeError'", "'ascii'", "'ä'", "0", "1", "'no'"]))?;
    c.alike(&call("failures", "fail", &["'UnicodeTranslateError'", "'ä'", "0", "1", "'no'"]))?;
    c.is(&call("thing", "echo", &["1"]), "1")
}

fn notes(c: &mut Column<'_>) -> Verdict {
    let notes = "['a note', 'another one']";
    c.same(&call("failures", "fail", &["'ValueError'", "'x'"]).keyword("__notes__", notes))
}

fn of_pyro(c: &mut Column<'_>) -> Verdict {
    c.same(&call("failures", "fail", &["'NamingError'", "'nobody'"]))?;
    c.same(&call("failures", "fail", &["'DaemonError'", "'no daemon'"]))?;
    c.same(&call("failures", "fail", &["'PyroError'", "'odd'", "1"]))
}

fn custom(c: &mut Column<'_>) -> Verdict {
    c.same(&call("failures", "fail", &["'CustomError'", "'odd'", "1"]))
}

fn attributes(c: &mut Column<'_>) -> Verdict {
    c.same(&call("failures", "fail", &["'ValueError'", "'x'"]).keyword("code", "7"))?;
    c.same(
        &call("failures", "fail", &["'ValueError'"])
            .keyword("where", "{'line': [1, 2]}")
            .keyword("why", "None"),
    )
}

fn unknown(c: &mut Column<'_>) -> Verdict {
    let command = call("failures", "fail_unknown", &[]);
    if c.serves() { c.same(&command) } else { c.fails(&command, "things.UnknownError", "who are you?") }
}

fn returned(c: &mut Column<'_>) -> Verdict {
    c.same(&call("failures", "returned", &[]))
}

fn unsendable(c: &mut Column<'_>) -> Verdict {
    for method in ["unserializable", "fail_unserializable"] {
        let command = call("failures", method, &[]).on("unsendable");
        let answer = c.ask(&command)?;
        let good = matches!(&answer.outcome, Outcome::Failed(trouble) if trouble.traceback || method != "unserializable");
        c.expect(&command, &"an exception", &answer, good);
        c.is(&call("thing", "echo", &["1"]), "1")?;
        // A genuine daemon closes the connection after some of these answers; the next call makes another one.
        c.succeeds(&call("failures", "returned", &[]).on("unsendable"))?;
    }
    Ok(())
}

fn chained(c: &mut Column<'_>) -> Verdict {
    c.only_calling()?;
    c.same(&call("failures", "fail_from", &[]))
}

fn traceback(c: &mut Column<'_>) -> Verdict {
    for command in [
        call("failures", "fail", &["'ValueError'", "'x'"]),
        call("failures", "fail_in_depth", &["3"]),
        call("thing", "add", &[]),
        call("daemon", "get_metadata", &["'nobody'"]),
    ] {
        let answer = c.ask(&command)?;
        let good = matches!(&answer.outcome, Outcome::Failed(trouble) if trouble.traceback);
        c.expect(&command, &"an exception with a traceback", &answer, good);
    }
    Ok(())
}

fn traceback_lines(c: &mut Column<'_>) -> Verdict {
    let text = remote_traceback(c, "fail_in_depth", "2")?;
    let calls = text.matches("in fail_in_depth").count();
    // The same method in Rust does not call itself.
    let expected = if c.serves() && !c.bridges() { 1 } else { 3 };
    c.equal("lines of the method", &expected.to_string(), &calls.to_string());
    let first = text.lines().next().unwrap_or_default().to_owned();
    let last = text.trim_end().lines().last().unwrap_or_default().to_owned();
    c.equal("the first line", "Traceback (most recent call last):", &first);
    c.equal("the last line", "ArithmeticError: the bottom", &last);
    Ok(())
}

fn detailed(c: &mut Column<'_>) -> Verdict {
    c.only_calling()?;
    let target = c.site.extra(c.pyro(), &["--config", "DETAILED_TRACEBACK=True"])?;
    c.go_to(target);
    let text = remote_traceback(c, "fail_in_depth", "2")?;
    for part in ["fail_in_depth", "depth = 0", "depth = 2", "the bottom"] {
        c.expect(&"the traceback", &format!("one with `{part}`"), &text, text.contains(part));
    }
    Ok(())
}

/// The traceback that the caller gets, as text.
fn remote_traceback(c: &mut Column<'_>, method: &str, argument: &str) -> Result<String, Stop> {
    if c.serves() {
        let uri = c.uris().get("failures").cloned().unwrap_or_default();
        let command =
            json!({"cmd": "traceback", "uri": uri, "method": method, "args": format!("({argument},)")});
        let answer = c.raw(&command)?;
        return match &answer.outcome {
            Outcome::Ok(text) => Ok(ferropyro::literal::parse(text)
                .and_then(|text| text.as_str().map(str::to_owned))
                .unwrap_or_default()),
            _ => Err(Stop::Fail(answer.to_string())),
        };
    }
    let argument: i64 = argument.parse().unwrap_or_default();
    let outcome = c.proxy("failures", |client| client)?.call(method.to_owned(), (argument,)).wait();
    let error = outcome.err().ok_or_else(|| "no exception".to_owned())?;
    let traceback = error.exception().map(ferropyro::Exception::traceback);
    Ok(traceback.ok_or_else(|| error.to_string())?)
}

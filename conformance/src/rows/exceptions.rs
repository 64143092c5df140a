//! Exceptions of all kinds.

use super::{Row, row};
use crate::column::{Column, Verdict};
use crate::command::{Outcome, call};

pub(super) fn rows() -> Vec<Row> {
    vec![
        row("builtin exception", "class, arguments, text and traceback of builtin exceptions", builtin),
        row("Pyro's exception", "an exception of Pyro's own module", of_pyro),
        row("custom exception", "an exception that both ends register by a name of ours", custom),
        row("exception attributes", "what an exception carries beside its arguments", attributes),
        row("unknown exception", "an exception that nobody else knows", unknown),
        row("exception as value", "an exception that is returned, not raised", returned),
        row(
            "what cannot be sent",
            "a result, and an exception, that the serializer lacks: an error, and others go on",
            unsendable,
        ),
        row("chained exception", "an exception with a cause", chained),
        row("traceback", "a remote traceback that says where", traceback),
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
        // The connection may be closed after such an answer; the next call makes another one.
        let after = call("thing", "echo", &["1"]);
        c.is(&after, "1")?;
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

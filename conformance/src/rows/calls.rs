//! Calls: how arguments are given, and which names can be called.

use super::{Row, row};
use crate::column::{Column, Verdict};
use crate::command::{Act, call, invocation, to};

pub(super) fn rows() -> Vec<Row> {
    vec![
        row("call", "positional, keyword and default arguments", arguments),
        row("wrong arguments", "too few, too many, unknown: a TypeError with a traceback", wrong_arguments),
        row("names", "dunder, inherited, class and static methods can be called", names),
        row("private name", "a name with an underscore is out of reach", private),
        row("unexposed name", "unknown, unexposed and dotted names are AttributeErrors", unexposed),
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
    if c.serves() { c.alike(&to("thing", Act::Unchecked(invocation(method, &[])))) } else { Ok(()) }
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

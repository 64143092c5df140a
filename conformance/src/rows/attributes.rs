//! Attributes: reading and setting them.

use super::{Row, row};
use crate::column::{Column, Verdict};
use crate::command::{Act, literal, to};

pub(super) fn rows() -> Vec<Row> {
    vec![
        row("attribute", "read and set", read_and_set),
        row("attribute refused", "read-only, unknown, and a value that is refused", refused),
        row("attribute raises", "an attribute that cannot be read", raises),
    ]
}

fn read_and_set(c: &mut Column<'_>) -> Verdict {
    c.needs_more_than_marshal()?;
    c.is(&to("thing", Act::Get("motto")), "'be plain'")?;
    c.is(&to("thing", Act::Set("motto", literal("'be brief'"))), "None")?;
    c.is(&to("thing", Act::Get("motto")).on("another"), "'be brief'")?;
    c.is(&to("thing", Act::Set("motto", literal("'be plain'"))), "None")?;
    c.is(&to("thing", Act::Get("motto")), "'be plain'")?;
    let version = if matches!(c.codec(), ferropyro::Codec::Serpent | ferropyro::Codec::Marshal) {
        "(1, 2)"
    } else {
        "[1, 2]"
    };
    c.is(&to("thing", Act::Get("version")), version)
}

fn refused(c: &mut Column<'_>) -> Verdict {
    c.needs_more_than_marshal()?;
    c.fails(&to("thing", Act::Set("version", literal("1"))), "AttributeError", "")?;
    c.fails(&to("thing", Act::Set("motto", literal("1"))), "TypeError", "a motto is a text")?;
    c.fails(&to("thing", Act::Get("nope")), "AttributeError", "no exposed attribute")?;
    c.fails(&to("thing", Act::Set("nope", literal("1"))), "AttributeError", "no exposed attribute")?;
    c.is(&to("thing", Act::Get("motto")), "'be plain'")
}

fn raises(c: &mut Column<'_>) -> Verdict {
    c.needs_more_than_marshal()?;
    c.fails(&to("thing", Act::Get("broken")), "RuntimeError", "the attribute is broken")
}

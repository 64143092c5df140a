//! Attributes: reading and setting them.

use super::{Row, row};
use crate::column::{Column, Verdict};
use crate::command::{Act, literal, to};
use crate::pyro::Pyro;
use crate::show::show;

pub(super) fn rows() -> Vec<Row> {
    vec![
        row("attribute", "read and set", read_and_set),
        row("attribute refused", "read-only, unknown, and a value that is refused", refused),
        row("attribute raises", "an attribute that cannot be read", raises),
        row("attribute as stream", "an attribute whose value is a stream", stream),
    ]
}

fn stream(c: &mut Column<'_>) -> Verdict {
    c.needs_more_than_marshal()?;
    if c.serves() {
        if c.pyro() == Pyro::Four || c.bridges() {
            return c.cannot("Pyro4 does not stream attributes");
        }
        return c.is(&to("thing", Act::Eval("list(p.numbers)".to_owned())), "[1, 2, 3]");
    }
    if c.pyro() == Pyro::Four {
        return c.cannot("Pyro4 does not stream attributes");
    }
    let items = c.proxy("thing", |client| client)?.get("numbers").stream().wait();
    let mut items = items.map_err(|error| error.to_string())?;
    let mut all = Vec::new();
    while let Some(item) = items.next_wait() {
        all.push(item.map_err(|error| error.to_string())?);
    }
    c.equal("the items", "[1, 2, 3]", &show(&ferropyro::Value::List(all)));
    Ok(())
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

//! Item streams.

use super::{Row, row};
use crate::column::{Column, Verdict};
use crate::command::{Act, Command, call, invocation, to};

pub(super) fn rows() -> Vec<Row> {
    vec![
        row("stream", "read to its end; empty; items of many kinds", whole),
        row(
            "stream closed early",
            "an endless stream is read a little and closed, and the server knows",
            closed,
        ),
        row("stream raises", "items, then an exception", raises),
    ]
}

fn stream(method: &str, arguments: &[&str], take: Option<usize>) -> Command {
    to("streams", Act::Stream { call: invocation(method, arguments), take, close: take.is_some() })
}

fn whole(c: &mut Column<'_>) -> Verdict {
    c.is(&stream("countdown", &["3"], None), "[3, 2, 1]")?;
    c.is(&stream("iterator", &["[1, 'two', None]"], None), "[1, 'two', None]")?;
    c.is(&stream("empty", &[], None), "[]")?;
    c.same(&stream("values", &[], None))?;
    c.is(&stream("countdown", &["200"], Some(2)), "[200, 199]")
}

fn closed(c: &mut Column<'_>) -> Verdict {
    // Other columns have closed streams of the same daemon before.
    let before = c.ask(&call("streams", "closed", &["0"]))?;
    let before: usize = match &before.outcome {
        crate::command::Outcome::Ok(count) => count.parse().unwrap_or_default(),
        _ => 0,
    };
    c.is(&stream("squares", &[], Some(3)), "[0, 1, 4]")?;
    c.is(&stream("squares", &[], Some(5)).on("another"), "[0, 1, 4, 9, 16]")?;
    let count = (before + 2).to_string();
    c.is(&call("streams", "closed", &[&count]), &count)
}

fn raises(c: &mut Column<'_>) -> Verdict {
    c.same(&stream("failing", &["2"], None))?;
    c.same(&stream("failing", &["0"], None))
}

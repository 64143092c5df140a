//! Batches: many calls in one message.

use super::{Row, row};
use crate::column::{Column, Verdict};
use crate::command::{Act, Outcome, call, invocation, literal, to};

pub(super) fn rows() -> Vec<Row> {
    vec![
        row("batch", "the results of several calls, in order", batch),
        row(
            "batch with exception",
            "the results before it, then the exception; what comes after does not run",
            failing,
        ),
        row("oneway batch", "the calls run, and nobody waits", oneway),
        row("empty batch", "a batch without calls", empty),
        row("long batch", "a thousand calls in one message", long),
    ]
}

fn long(c: &mut Column<'_>) -> Verdict {
    c.needs_more_than_marshal()?;
    let calls: Vec<_> = (0..1000).map(|number| invocation("echo", &[&number.to_string()])).collect();
    let expected: Vec<_> = (0..1000).map(|number| number.to_string()).collect();
    c.is(&to("thing", Act::Batch(calls)), &format!("[{}]", expected.join(", ")))
}

fn batch(c: &mut Column<'_>) -> Verdict {
    c.needs_more_than_marshal()?;
    let mut keyword = invocation("add", &["1"]);
    keyword.keyword.push(("b", literal("1")));
    let calls =
        vec![invocation("echo", &["1"]), keyword, invocation("echo", &["'x'"]), invocation("nothing", &[])];
    c.is(&to("thing", Act::Batch(calls)), "[1, 2, 'x', None]")
}

fn failing(c: &mut Column<'_>) -> Verdict {
    c.needs_more_than_marshal()?;
    if c.codec() == ferropyro::Codec::Marshal {
        return c.cannot("a genuine daemon fails to encode a batch's exception in marshal");
    }
    let calls =
        vec![invocation("echo", &["1"]), invocation("add", &["1", "'x'"]), invocation("echo", &["2"])];
    let command = to("thing", Act::Batch(calls));
    let answer = c.ask(&command)?;
    let good = matches!(&answer.outcome, Outcome::Failed(trouble) if trouble.class == "TypeError" && trouble.traceback)
        && answer.before.as_deref() == Some("[1]");
    c.expect(&command, &"a TypeError with traceback after [1]", &answer, good);
    c.is(&call("thing", "echo", &["1"]), "1")
}

fn oneway(c: &mut Column<'_>) -> Verdict {
    c.needs_more_than_marshal()?;
    c.is(&call("thing", "forget", &[]), "None")?;
    let calls = vec![invocation("log", &["'four'"]), invocation("log", &["'five'"])];
    c.is(&to("thing", Act::OnewayBatch(calls)), "None")?;
    c.is(&call("thing", "lines", &["2"]), "['five', 'four']")?;
    c.is(&call("thing", "forget", &[]), "None")
}

fn empty(c: &mut Column<'_>) -> Verdict {
    c.needs_more_than_marshal()?;
    c.is(&to("thing", Act::Batch(Vec::new())), "[]")
}

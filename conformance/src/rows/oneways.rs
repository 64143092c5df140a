//! Oneway calls.

use super::{Row, row};
use crate::column::{Column, Verdict};
use crate::command::{Act, call, invocation, to};

pub(super) fn rows() -> Vec<Row> {
    vec![
        row(
            "oneway",
            "by the metadata: nobody waits, failures are not heard, later calls need not wait",
            by_metadata,
        ),
        row("oneway by flag", "a method that is none is called oneway", by_flag),
        row("oneway at once closed", "a oneway call is not lost when its caller closes at once", closed),
    ]
}

fn by_metadata(c: &mut Column<'_>) -> Verdict {
    c.is(&call("thing", "forget", &[]), "None")?;
    c.is(&call("thing", "log", &["'one'"]), "None")?;
    c.is(&call("thing", "log_and_fail", &["'two'"]), "None")?;
    c.is(&call("thing", "log_when_unblocked", &["'three'"]), "None")?;
    c.is(&call("thing", "lines", &["2"]), "['one', 'two']")?;
    c.is(&call("thing", "unblock", &[]), "None")?;
    c.is(&call("thing", "lines", &["3"]), "['one', 'three', 'two']")?;
    c.is(&call("thing", "forget", &[]), "None")
}

fn by_flag(c: &mut Column<'_>) -> Verdict {
    c.is(&to("thing", Act::Oneway(invocation("unblock", &[]))).on("forced"), "None")?;
    c.is(&call("thing", "block", &[]), "True")?;
    c.is(&call("thing", "forget", &[]), "None")?;
    c.is(&to("failures", Act::Oneway(invocation("fail", &["'ValueError'"]))).on("forced"), "None")?;
    c.is(&call("thing", "echo", &["1"]).on("forced 2"), "1")
}

fn closed(c: &mut Column<'_>) -> Verdict {
    c.is(&call("thing", "forget", &[]), "None")?;
    for line in ["'a'", "'b'", "'c'"] {
        c.is(&call("thing", "log", &[line]).on("leaving"), "None")?;
        c.succeeds(&to("thing", Act::Release).on("leaving"))?;
    }
    c.is(&call("thing", "lines", &["3"]), "['a', 'b', 'c']")?;
    c.is(&call("thing", "forget", &[]), "None")
}

//! Oneway calls.

use super::{Row, row};
use crate::column::{Column, Verdict};
use crate::command::{Act, Outcome, call, invocation, to};

pub(super) fn rows() -> Vec<Row> {
    vec![
        row(
            "oneway",
            "by the metadata: nobody waits, failures are not heard, later calls need not wait",
            by_metadata,
        ),
        row("oneway by flag", "a method that is none is called oneway", by_flag),
        row("oneway at once closed", "a oneway call is not lost when its caller closes at once", closed),
        row("many oneway calls", "five hundred, and none is lost", many),
    ]
}

fn many(c: &mut Column<'_>) -> Verdict {
    const CALLS: usize = 500;
    c.is(&call("thing", "forget", &[]), "None")?;
    if c.serves() {
        c.is(&to("thing", Act::Eval(format!("[p.log('x') for _ in range({CALLS})] and None"))), "None")?;
    } else {
        let proxy = c.proxy("thing", |client| client)?;
        for _ in 0..CALLS {
            proxy.call("log", ("x",)).oneway().wait().map_err(|error| error.to_string())?;
        }
    }
    let lines = c.ask(&call("thing", "lines", &[&CALLS.to_string()]))?;
    let good = matches!(&lines.outcome, Outcome::Ok(lines) if lines.split(", ").count() == CALLS);
    c.expect(&"the lines", &format!("{CALLS} of them"), &lines, good);
    c.is(&call("thing", "forget", &[]), "None")
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

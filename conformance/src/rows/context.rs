//! What goes along with a call: annotations, the correlation id.

use super::{Row, row};
use crate::column::{Column, Verdict};
use crate::command::{Given, call};

const CORRELATION: &str = "12345678-1234-5678-1234-567812345678";

pub(super) fn rows() -> Vec<Row> {
    vec![
        row("annotation to the method", "the method sees the call's annotation", to_the_method),
        row(
            "annotations of the answer",
            "the caller sees the method's and the daemon's annotations",
            of_the_answer,
        ),
        row(
            "annotations of one call",
            "those of a call and its answer are not those of the next",
            of_one_call,
        ),
        row("correlation id", "the method sees it, and calls of the method carry it on", correlation),
        row("peer and serializer", "the method sees who calls, and by which serializer", peer),
    ]
}

fn to_the_method(c: &mut Column<'_>) -> Verdict {
    c.same(&call("context", "seen", &[]).annotated("ABCD", "some text").correlated(CORRELATION))
}

fn of_the_answer(c: &mut Column<'_>) -> Verdict {
    let command = call("context", "answer_with", &["'WXYZ'", "'back'"]);
    let answer = c.ask(&command)?;
    for (id, text) in [("WXYZ", "back"), ("DMON", "conformance")] {
        let got = answer.annotations.get(id).cloned().unwrap_or_else(|| "nothing".to_owned());
        c.equal(id, text, &got);
    }
    Ok(())
}

fn of_one_call(c: &mut Column<'_>) -> Verdict {
    let none = call("context", "seen", &[]).correlated(CORRELATION);
    c.same(&none.clone().annotated("ABCD", "some text"))?;
    c.same(&none)?;
    for (id, text) in [("WXYZ", "back"), ("UVWX", "again")] {
        let answer = c.ask(&call("context", "answer_with", &[&format!("'{id}'"), &format!("'{text}'")]))?;
        let own: Vec<_> =
            answer.annotations.iter().filter(|(id, _)| ["WXYZ", "UVWX"].contains(&id.as_str())).collect();
        c.equal("the answer's own", &format!("{:?}", [(id, text)]), &format!("{own:?}"));
    }
    let answer = c.ask(&call("thing", "echo", &["1"]))?;
    let own = answer.annotations.contains_key("WXYZ") || answer.annotations.contains_key("UVWX");
    c.equal("those of another answer", "false", &own.to_string());
    Ok(())
}

fn correlation(c: &mut Column<'_>) -> Verdict {
    c.same(&call("context", "seen", &[]).correlated(CORRELATION))?;
    let onwards = call("context", "correlation_onwards", &[]).with(Given::Address("context"));
    c.is(&onwards.correlated(CORRELATION), &format!("'{CORRELATION}'"))
}

fn peer(c: &mut Column<'_>) -> Verdict {
    c.same(&call("context", "seen", &[]).correlated(CORRELATION))
}

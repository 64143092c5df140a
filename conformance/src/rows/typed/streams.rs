//! Streams of declared types.

use ferropyro::{CallError, Stream, Value, remote};

use super::{Row, row};
use crate::column::{Column, Stop, Verdict, all_items};
use crate::command::{Act, Command, Outcome, call, invocation, to};
use crate::objects::tape::TapeProxy;
use crate::objects::wares::Ware;

pub(super) fn rows() -> Vec<Row> {
    vec![
        row("typed stream", "read to its end, empty, of structs, guarded by an error", whole),
        row("typed stream raises", "items, then an exception, or an item of a wrong type", raises),
        row("typed stream closed early", "a stream without end is left, and the server knows", closed),
    ]
}

fn stream(method: &str, arguments: &[&str], take: Option<usize>) -> Command {
    to("tape", Act::Stream { call: invocation(method, arguments), take, close: take.is_some() })
}

fn whole(c: &mut Column<'_>) -> Verdict {
    if c.serves() {
        c.is(&stream("countdown", &["3"], None), "[3, 2, 1]")?;
        c.is(&stream("countdown", &["0"], None), "[]")?;
        c.same(&stream("wares", &[], None))?;
        c.is(&stream("guarded", &["2"], None), "[0, 1]")?;
        c.same(&call("tape", "guarded", &["-1"]))?;
        c.fails(&call("tape", "countdown", &["'three'"]), "TypeError", "argument 'start'")?;
        return c.is(&call("tape", "listed", &[]), "[1, 2, 3]");
    }
    let tape: TapeProxy = c.typed("tape")?;
    c.items("countdown", &[3, 2, 1], tape.countdown(3).wait());
    c.items("no countdown", &[], tape.countdown(0).wait());
    let ware = |name: &str, stock, width, note: Option<&str>| {
        let (name, note) = (name.to_owned(), note.map(str::to_owned));
        Ware { name, stock, size: (width, 2.0), parts: Vec::new(), note }
    };
    let wares = [ware("chair", 2, 1.5, None), ware("desk", 1, 3.0, Some("old"))];
    c.items("wares", &wares, tape.wares().wait());
    c.items("guarded", &[0, 1], tape.guarded(2).wait());
    c.raises("guarded", "ZeroDivisionError", "division by zero", tape.guarded(-1).wait());
    c.gives("listed", &vec![1, 2, 3], tape.listed().wait());
    // Two at the same time, and a call between.
    let trouble = |error: CallError| Stop::Fail(error.to_string());
    let mut one = tape.countdown(2).wait().map_err(trouble)?;
    let mut other = tape.countdown(2).wait().map_err(trouble)?;
    let mut items = Vec::new();
    for _ in 0..3 {
        items.push(one.next_wait().transpose().map_err(trouble)?);
        c.gives("listed", &vec![1, 2, 3], tape.listed().wait());
        items.push(other.next_wait().transpose().map_err(trouble)?);
    }
    c.equal("both", "[Some(2), Some(2), Some(1), Some(1), None, None]", &format!("{items:?}"));
    Ok(())
}

/// A tape that was misunderstood.
#[remote]
trait Misunderstood {
    async fn spelled(&self) -> Stream<i64>;
    async fn listed(&self) -> Stream<i64>;
    async fn countdown(&self, start: u32) -> Vec<u32>;
}

fn raises(c: &mut Column<'_>) -> Verdict {
    if c.serves() {
        c.same(&stream("failing", &["2"], None))?;
        c.same(&stream("failing", &["0"], None))?;
        return c.same(&stream("spelled", &[], None));
    }
    let tape: TapeProxy = c.typed("tape")?;
    let (items, error) = all_items(tape.failing(2).wait().map_err(|error| error.to_string())?);
    c.equal("the items", "[0, 1]", &format!("{items:?}"));
    c.raises("the end", "ValueError", "no more after 2", error.map_or(Ok(()), Err));
    let spelled = [1.into(), Value::from("two"), 3.into()];
    c.items("spelled", &spelled, tape.spelled().wait());

    let tape: MisunderstoodProxy = c.typed("tape")?;
    let mut spelled = tape.spelled().wait().map_err(|error| error.to_string())?;
    let first = spelled.next_wait().transpose();
    c.gives("the first item", &Some(1), first);
    let second = spelled.next_wait().transpose();
    c.breaks("the second item", "expected int, got str", second);
    c.breaks("a list", "no stream of items but of type list", tape.listed().wait());
    c.breaks("a stream", "the result is a stream of items", tape.countdown(2).wait());
    Ok(())
}

fn closed(c: &mut Column<'_>) -> Verdict {
    // Other columns have closed streams of the same daemon before.
    if c.serves() {
        let before = c.ask(&call("tape", "closed", &["0"]))?;
        let before: usize = match &before.outcome {
            Outcome::Ok(count) => count.parse().unwrap_or_default(),
            _ => 0,
        };
        c.is(&stream("squares", &[], Some(3)), "[0, 1, 4]")?;
        let count = (before + 1).to_string();
        return c.is(&call("tape", "closed", &[&count]), &count);
    }
    let tape: TapeProxy = c.typed("tape")?;
    let before = tape.closed(0).wait().map_err(|error| error.to_string())?;
    let mut squares = tape.squares().wait().map_err(|error| error.to_string())?;
    for expected in [0, 1, 4] {
        let square = squares.next_wait().transpose();
        c.gives("a square", &Some(expected), square);
    }
    drop(squares);
    c.gives("closed", &(before + 1), tape.closed(before + 1).wait());
    Ok(())
}

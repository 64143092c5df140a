//! Batches of declared calls.

use ferropyro::{CallError, Codec};

use super::{Row, row};
use crate::column::{Column, Verdict};
use crate::command::{Act, Outcome, call, invocation, literal, to};
use crate::objects::desk::{DeskError, DeskProxy};
use crate::objects::tape::TapeProxy;
use crate::objects::wares::{Part, WaresProxy};

pub(super) fn rows() -> Vec<Row> {
    vec![
        row("typed batch", "results of several types, and of many calls", batch),
        row("typed batch raises", "the results before, the error, and what did not run", raising),
        row("typed oneway batch", "the calls run, and nobody waits", oneway),
    ]
}

fn batch(c: &mut Column<'_>) -> Verdict {
    if c.serves() {
        c.needs_more_than_marshal()?;
        let mut keyword = invocation("power", &["3"]);
        keyword.keyword.push(("note", literal("'is '")));
        let calls = vec![
            invocation("add", &["1"]),
            keyword,
            invocation("maybe", &["None"]),
            invocation("nothing", &[]),
            invocation("camelCase", &["'hump'"]),
        ];
        c.same(&to("desk", Act::Batch(calls)))?;
        let calls = vec![invocation("some_part", &[]), invocation("some_shapes", &[])];
        c.same(&to("wares", Act::Batch(calls)))?;
        // A stream has no place in a batch.
        let calls = vec![invocation("listed", &[]), invocation("countdown", &["3"])];
        let answer = c.ask(&to("tape", Act::Batch(calls)))?;
        c.expect(
            &"a stream in a batch",
            &"an exception",
            &answer,
            matches!(answer.outcome, Outcome::Failed(_)),
        );
        return c.is(&call("tape", "listed", &[]), "[1, 2, 3]");
    }
    let desk: DeskProxy = c.typed("desk")?;
    let calls = (desk.add(1), desk.power(3).arg("note", "is "), desk.maybe(None), desk.camel_case("hump"));
    match desk.batch(calls).wait() {
        Ok((sum, power, maybe, hump)) => {
            c.gives("add", &11, sum);
            c.gives("power", &"is 9".to_owned(), power);
            c.gives("maybe", &None, maybe);
            c.gives("camelCase", &"HUMP".to_owned(), hump);
        }
        Err(error) => return Err(error.to_string().into()),
    }
    let sums = desk.batch((0..100).map(|number| desk.add(number)).collect::<Vec<_>>()).wait();
    let sums: Result<Vec<i64>, _> = sums.and_then(|sums| sums.into_iter().collect());
    c.gives("a hundred sums", &(10..110).collect(), sums);
    if c.codec() != Codec::Marshal {
        let wares: WaresProxy = c.typed("wares")?;
        let (part,) = wares.batch((wares.some_part(),)).wait().map_err(|error| error.to_string())?;
        c.gives("some_part", &Part { name: "bolt".to_owned(), count: 3 }, part);
    }
    let misuse = desk.batch((desk.add(1), desk.motto())).wait();
    c.breaks("an attribute in a batch", "a batch has calls of methods only", misuse.map(drop));
    let tape: TapeProxy = c.typed("tape")?;
    let misuse = desk.batch((desk.add(1), tape.listed())).wait();
    c.breaks("another object in a batch", "cannot have a call of", misuse.map(drop));
    Ok(())
}

fn raising(c: &mut Column<'_>) -> Verdict {
    if c.codec() == Codec::Marshal {
        c.needs_more_than_marshal()?;
        return c.cannot("a genuine daemon fails to encode a batch's exception in marshal");
    }
    if c.serves() {
        for failing in [
            invocation("divide", &["1", "0"]),
            invocation("order", &["'chair'", "101"]),
            invocation("enter", &["7"]),
        ] {
            c.same(&to(
                "desk",
                Act::Batch(vec![invocation("add", &["1"]), failing, invocation("add", &["2"])]),
            ))?;
        }
        let wrong = vec![invocation("add", &["1"]), invocation("add", &["'x'"]), invocation("add", &["2"])];
        return c.alike(&to("desk", Act::Batch(wrong)));
    }
    let desk: DeskProxy = c.typed("desk")?;
    c.gives("forget", &(), desk.forget().wait());
    let calls = (desk.add(1), desk.divide(1, 0), desk.enter(10), desk.lines(0));
    let (sum, quotient, welcome, lines) = desk.batch(calls).wait().map_err(|error| error.to_string())?;
    c.gives("add", &11, sum);
    c.raises("divide", "ZeroDivisionError", "division by zero", quotient);
    skipped(c, "enter", &welcome);
    skipped(c, "lines", &lines);
    let orders = ["chair", "desk", "chair"].into_iter().map(|name| desk.order(name));
    let orders = desk.batch(orders.collect::<Vec<_>>()).wait().map_err(|error| error.to_string())?;
    let mut orders = orders.into_iter();
    let mut next = || orders.next().unwrap_or_else(|| Err(CallError::Misuse("nothing".to_owned())));
    let (first, second, third): (Result<i64, CallError<DeskError>>, _, _) = (next(), next(), next());
    c.gives("order a chair", &1, first);
    c.raises("order a desk", "LookupError", "desk is not for sale", second);
    skipped(c, "order another chair", &third);
    Ok(())
}

/// The call did not run, since the second one failed.
fn skipped<T: std::fmt::Debug, E: std::fmt::Debug>(
    c: &mut Column<'_>,
    what: &str,
    got: &Result<T, CallError<E>>,
) {
    let good = matches!(got, Err(CallError::Skipped { after: 2, .. }));
    c.expect(&what, &"skipped after call 2", &format!("{got:?}"), good);
}

fn oneway(c: &mut Column<'_>) -> Verdict {
    if c.serves() {
        c.needs_more_than_marshal()?;
        c.is(&call("desk", "forget", &[]), "None")?;
        let calls =
            vec![invocation("log", &["'one'"]), invocation("add", &["1"]), invocation("log", &["'two'"])];
        c.is(&to("desk", Act::OnewayBatch(calls)), "None")?;
        c.is(&call("desk", "lines", &["2"]), "['one', 'two']")?;
        return c.is(&call("desk", "forget", &[]), "None");
    }
    let desk: DeskProxy = c.typed("desk")?;
    c.gives("forget", &(), desk.forget().wait());
    let calls = (desk.log("one"), desk.add(1), desk.log("two"));
    desk.batch(calls).oneway().wait().map_err(|error| error.to_string())?;
    c.gives("lines", &vec!["one".to_owned(), "two".to_owned()], desk.lines(2).wait());
    c.gives("forget", &(), desk.forget().wait());
    Ok(())
}

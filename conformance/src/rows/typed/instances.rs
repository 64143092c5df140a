//! Instances of declared types: when they are made and dropped. How many there are is the row `instances`.

use super::{Row, row};
use crate::column::{Column, Verdict};
use crate::command::{Act, Outcome, call, to};
use crate::objects::{CounterProxy, DeparturesProxy, GuestProxy, MoodyProxy};

pub(super) fn rows() -> Vec<Row> {
    vec![
        row("typed instances", "one for all, one for each proxy, one for each call", counted),
        row("typed instance fails", "making one fails, and the next call tries again", moody),
        row("typed instance goes", "a session's instance goes with its caller", goes),
    ]
}

fn counted(c: &mut Column<'_>) -> Verdict {
    if c.serves() {
        for (thing, counts) in [("session", ["1", "2", "1", "3"]), ("percall", ["1"; 4])] {
            for (connection, count) in ["one", "one", "other", "one"].into_iter().zip(counts) {
                c.is(&call(thing, "count", &[]).on(connection), count)?;
            }
        }
        return Ok(());
    }
    for (thing, counts) in [("session", [1, 2, 1, 3]), ("percall", [1; 4])] {
        let one: CounterProxy = c.typed(thing)?;
        let other = one.fork();
        let same = one.clone();
        for (proxy, count) in [&one, &same, &other, &one].into_iter().zip(counts) {
            c.gives(thing, &count, proxy.count().wait());
        }
    }
    Ok(())
}

fn moody(c: &mut Column<'_>) -> Verdict {
    if c.serves() {
        for _ in 0..2 {
            c.fails(&call("moody", "mood", &[]), "ValueError", "not now")?;
            c.is(&call("moody", "mood", &[]), "'well'")?;
            c.is(&call("moody", "mood", &[]), "'well'")?;
            c.succeeds(&to("moody", Act::Release))?;
        }
        return Ok(());
    }
    let moody: MoodyProxy = c.typed("moody")?;
    c.raises("mood", "ValueError", "not now", moody.mood().wait());
    c.gives("mood", &"well".to_owned(), moody.mood().wait());
    c.gives("mood", &"well".to_owned(), moody.mood().wait());
    Ok(())
}

fn goes(c: &mut Column<'_>) -> Verdict {
    if c.serves() {
        let before = c.ask(&call("departures", "gone", &["0"]))?;
        let before: usize = match &before.outcome {
            Outcome::Ok(count) => count.parse().unwrap_or_default(),
            _ => 0,
        };
        c.is(&call("guest", "come", &[]), "'here'")?;
        c.is(&call("guest", "come", &[]), "'here'")?;
        c.is(&call("departures", "gone", &["0"]), &before.to_string())?;
        c.succeeds(&to("guest", Act::Release))?;
        let count = (before + 1).to_string();
        return c.is(&call("departures", "gone", &[&count]), &count);
    }
    let guest: GuestProxy = c.typed("guest")?;
    let departures: DeparturesProxy = c.typed("departures")?;
    let before = departures.gone(0).wait().map_err(|error| error.to_string())?;
    c.gives("come", &"here".to_owned(), guest.come().wait());
    c.gives("come", &"here".to_owned(), guest.come().wait());
    c.gives("gone", &before, departures.gone(0).wait());
    guest.release();
    c.gives("gone", &(before + 1), departures.gone(before + 1).wait());
    Ok(())
}

//! Many at once: pipelined calls, chains through all three, both Pyros on one daemon.

use std::thread;

use ferropyro::{Value, args};

use super::{Row, row};
use crate::caller::{Caller, Uris};
use crate::column::{Column, Stop, Verdict};
use crate::command::{Act, Answer, Outcome, call, invocation, literal, to};
use crate::pyro::Pyro;

pub(super) fn rows() -> Vec<Row> {
    vec![
        row(
            "pipelined calls",
            "many calls on one connection before the first answer, answered in order",
            pipelined,
        ),
        row("chain", "a call goes through Ferropyro, Pyro4 and Pyro5, and back to the first", chain),
        row(
            "both Pyros at once",
            "Pyro4 and Pyro5 callers use one daemon of ours together, hundreds of calls each",
            both,
        ),
    ]
}

fn pipelined(c: &mut Column<'_>) -> Verdict {
    const CALLS: i64 = 200;
    if c.serves() {
        return c.cannot("a genuine caller sends a call only after the answer to the one before");
    }
    let client = c.site.runtime.block_on(async { c.ours.client().build() });
    let uri = c.uris().get("thing").cloned().unwrap_or_default();
    let outcome = c.site.runtime.block_on(async {
        let proxy = client.lookup_any(uri).await?;
        let calls: Vec<_> =
            (0..CALLS).map(|number| tokio::spawn(proxy.call("echo", args![number]).into_future())).collect();
        let mut answers = Vec::new();
        for call in calls {
            answers.push(
                call.await
                    .map_err(|error| ferropyro::Exception::new("RuntimeError", error.to_string()))??,
            );
        }
        Ok::<_, ferropyro::Error>(answers)
    });
    let expected: Vec<_> = (0..CALLS).map(Value::from).collect();
    let got = outcome.map_or_else(
        |error| error.to_string(),
        |answers| if answers == expected { "each call's own".to_owned() } else { format!("{answers:?}") },
    );
    c.equal("the answers", "each call's own", &got);
    Ok(())
}

/// The genuine ones cannot call one another, so that each of them calls us:
/// ours, Pyro4, ours, Pyro5, ours where we serve; genuine, ours, the other genuine, ours, genuine where we call.
fn chain(c: &mut Column<'_>) -> Verdict {
    let other = c.site.extra(c.pyro().other(), &[])?;
    let (ours, genuine) = (&c.site.ours, &c.site.genuine);
    let links = if c.serves() { [genuine, ours, &other, ours] } else { [ours, &other, ours, genuine] };
    let uri = |uris: &Uris, thing: &str| {
        let uri = uris.get(thing).cloned().unwrap_or_default();
        literal(&ferropyro::literal::repr(&Value::from(uri)))
    };
    // Each link gets the address of the next one and what to call there, and hands the rest on.
    let around = |thing: &str, method: &str, arguments: &[&str]| {
        let (last, between) = links.split_last().expect("there are four");
        let mut command = call("references", "call_uri", &[]);
        for link in between {
            command = command.with(uri(link, "references")).with(literal("'call_uri'"));
        }
        command = command.with(uri(last, thing)).with(literal(&format!("'{method}'")));
        arguments.iter().fold(command, |command, argument| command.with(literal(argument)))
    };
    let (right, failing) = (
        around("thing", "describe", &["'around'"]),
        around("failures", "fail", &["'ValueError'", "'far away'"]),
    );
    c.is(&right, "\"str|'around'\"")?;
    c.fails(&failing, "ValueError", "far away")
}

fn both(c: &mut Column<'_>) -> Verdict {
    const THREADS: usize = 3;
    const EACH: usize = 60;
    let site = c.site;
    let command = |text: &str| {
        to("thing", Act::Threads { call: invocation("echo", &[text]), threads: THREADS, each: EACH })
    };
    if !c.serves() {
        // Our callers use both genuine daemons together.
        let other = site.extra(c.pyro().other(), &[])?;
        let (here, there) =
            (c.proxy("thing", |client| client)?, other.get("thing").cloned().unwrap_or_default());
        let there = c.ours.client().build().lookup_any(there).wait().map_err(|error| error.to_string())?;
        let work = |proxy: ferropyro::AnyProxy| {
            move || {
                (0..EACH)
                    .filter(|_| proxy.call("echo", args!["x"]).wait().is_ok_and(|x| x.as_str() == Some("x")))
                    .count()
            }
        };
        let right: usize = thread::scope(|scope| {
            let workers: Vec<_> = (0..THREADS)
                .flat_map(|_| [scope.spawn(work(here.fork())), scope.spawn(work(there.fork()))])
                .collect();
            workers.into_iter().map(|worker| worker.join().unwrap_or_default()).sum()
        });
        c.equal("right answers", &(2 * THREADS * EACH).to_string(), &right.to_string());
        return Ok(());
    }
    let ours = site.ours.clone();
    let (mine, theirs) = thread::scope(|scope| {
        let target = &ours;
        let theirs = scope.spawn(move || site.with_other(|caller| caller.ask(target, &command("'other'"))));
        let mine = c.genuine.ask(target, &command("'own'"));
        (mine, theirs.join().unwrap_or_else(|_| Err("a thread panicked".to_owned())))
    });
    check(c, c.pyro(), mine, "'own'")?;
    check(c, c.pyro().other(), theirs, "'other'")
}

fn check(c: &mut Column<'_>, pyro: Pyro, answer: Result<Answer, String>, text: &str) -> Verdict {
    let answer = answer.map_err(Stop::Fail)?;
    let expected = format!("{{\"{text}\": 180}}");
    let good = answer.outcome == Outcome::Ok(expected.clone());
    c.expect(&format!("Pyro{pyro}'s callers"), &expected, &answer, good);
    Ok(())
}

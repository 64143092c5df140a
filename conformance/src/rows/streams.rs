//! Item streams.

use ferropyro::server::DaemonBuilder;

use super::{Row, row};
use crate::caller::Caller;
use crate::column::{Column, Verdict};
use crate::command::{Act, Answer, Command, Outcome, call, invocation, to};
use crate::show::show;

pub(super) fn rows() -> Vec<Row> {
    vec![
        row("stream", "read to its end; empty; items of many kinds", whole),
        row(
            "stream closed early",
            "an endless stream is read a little and closed, and the server knows",
            closed,
        ),
        row("stream raises", "items, then an exception", raises),
        row("streams together", "two streams at once, and calls between their items", together),
        row(
            "stream after reconnect",
            "a stream goes on after its caller's connection was made anew",
            reconnected,
        ),
        row("long stream", "a thousand items", long),
        row("streams do not linger", "without linger a stream ends with its connection", unlingering),
        row("stream lifetime", "a stream that is older than the daemon allows has ended", lifetime),
        row("streaming switched off", "a daemon that streams nothing says so, and other calls go on", off),
    ]
}

fn long(c: &mut Column<'_>) -> Verdict {
    let answer = c.ask(&stream("countdown", &["1000"], None))?;
    let good = matches!(&answer.outcome, Outcome::Ok(items) if items.split(", ").count() == 1000);
    c.expect(&"countdown(1000)", &"a thousand items", &answer, good);
    Ok(())
}

fn together(c: &mut Column<'_>) -> Verdict {
    if c.serves() {
        let all =
            "[[x, y, p.closed(0) is not None] for x, y in zip(p.countdown(3), p.iterator(['a', 'b', 'c']))]";
        return c.is(
            &to("streams", Act::Eval(all.to_owned())),
            "[[3, 'a', True], [2, 'b', True], [1, 'c', True]]",
        );
    }
    let proxy = c.proxy("streams", |client| client)?;
    let trouble = |error: ferropyro::Error| error.to_string();
    let mut numbers = proxy.call("countdown", (3,)).stream().wait().map_err(trouble)?;
    let mut more = proxy.call("countdown", (2,)).stream().wait().map_err(trouble)?;
    let mut all = Vec::new();
    while let Some(number) = numbers.next_wait() {
        all.push(number.map_err(|error| error.to_string())?);
        all.extend(more.next_wait().transpose().map_err(|error| error.to_string())?);
        proxy.call("closed", (0,)).wait().map_err(|error| error.to_string())?;
    }
    c.equal("the items", "[3, 2, 2, 1, 1]", &show(&ferropyro::Value::List(all)));
    Ok(())
}

fn reconnected(c: &mut Column<'_>) -> Verdict {
    c.only_serving()?;
    let (genuine, called) = (c.site.genuine.clone(), c.uris().clone());
    for target in [genuine, called] {
        c.go_to(target);
        let taken =
            to("streams", Act::Stream { call: invocation("countdown", &["9"]), take: Some(2), close: false });
        c.is(&taken.on("lingering"), "[9, 8]")?;
        c.succeeds(&to("streams", Act::Release).on("lingering"))?;
        c.succeeds(&to("streams", Act::Bind).on("lingering"))?;
        c.is(&to("streams", Act::Eval("[next(rest), next(rest)]".to_owned())).on("lingering"), "[7, 6]")?;
    }
    Ok(())
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
        Outcome::Ok(count) => count.parse().unwrap_or_default(),
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

fn unlingering(c: &mut Column<'_>) -> Verdict {
    c.not_bridging()?;
    c.only_serving()?;
    let genuine = c.site.extra(c.pyro(), &["--config", "ITER_STREAM_LINGER=0"])?;
    let builder = DaemonBuilder::default().listen("127.0.0.1:0").stream_linger(std::time::Duration::ZERO);
    let ours = c.site.variant("unlingering", builder)?;
    let mut outcomes = Vec::new();
    for target in [genuine, ours] {
        c.go_to(target);
        let taken =
            to("streams", Act::Stream { call: invocation("squares", &[]), take: Some(2), close: false });
        let closed = c.ask(&call("streams", "closed", &["0"]))?;
        let before: usize = match &closed.outcome {
            Outcome::Ok(count) => count.parse().unwrap_or_default(),
            _ => 0,
        };
        c.is(&taken.on("leaving"), "[0, 1]")?;
        c.succeeds(&to("streams", Act::Release).on("leaving"))?;
        let count = (before + 1).to_string();
        c.is(&call("streams", "closed", &[&count]), &count)?;
        c.succeeds(&to("streams", Act::Bind).on("leaving"))?;
        let rest = to("streams", Act::Eval("next(rest)".to_owned())).on("leaving");
        outcomes.push(c.ask(&rest)?);
    }
    let (expected, got) = (outcomes[0].to_string(), outcomes[1].to_string());
    c.equal("the next item", &expected, &got);
    Ok(())
}

fn lifetime(c: &mut Column<'_>) -> Verdict {
    c.not_bridging()?;
    // Of the genuine daemons, the one without threads looks at the age of streams after each request.
    let settings = ["--config", "SERVERTYPE='multiplex'", "--config", "ITER_STREAM_LIFETIME=0.000001"];
    let genuine = c.site.extra(c.pyro(), &settings)?;
    let countdown = stream("countdown", &["3"], None);
    let expected = c.genuine.ask(&genuine, &countdown)?;
    let target = if c.serves() {
        let builder = DaemonBuilder::default().listen("127.0.0.1:0");
        c.site.variant("short streams", builder.stream_lifetime(std::time::Duration::from_nanos(1)))?
    } else {
        genuine
    };
    c.go_to(target);
    let answer = c.ask(&countdown)?;
    let failed = |answer: &Answer| matches!(answer.outcome, Outcome::Failed(_));
    c.expect(&countdown, &expected, &answer, failed(&expected) && expected.outcome == answer.outcome);
    c.is(&call("thing", "echo", &["1"]), "1")
}

fn off(c: &mut Column<'_>) -> Verdict {
    c.not_bridging()?;
    let genuine = c.site.extra(c.pyro(), &["--config", "ITER_STREAMING=False"])?;
    let target = if c.serves() {
        let builder = DaemonBuilder::default().listen("127.0.0.1:0").item_streams(false);
        c.site.variant("without streams", builder)?
    } else {
        genuine.clone()
    };
    let countdown = stream("countdown", &["3"], None);
    let expected = c.genuine.ask(&genuine, &countdown)?;
    c.go_to(target);
    let answer = c.ask(&countdown)?;
    let text = "the server is not configured to allow streaming";
    let good =
        |answer: &Answer| matches!(&answer.outcome, Outcome::Failed(trouble) if trouble.text.contains(text));
    let right = good(&answer) || (expected.outcome == answer.outcome && !good(&expected));
    c.expect(&countdown, &expected, &answer, right);
    c.is(&call("thing", "echo", &["1"]), "1")
}

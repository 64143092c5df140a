//! What happens to messages on their way: compression and signatures.

use ferropyro::server::DaemonBuilder;
use ferropyro::{Value, args};
use serde_json::json;

use super::{Row, row};
use crate::column::{Column, Verdict};
use crate::command::{Given, Outcome, call};
use crate::pyro::Pyro;
use crate::site::KEY;

pub(super) fn rows() -> Vec<Row> {
    vec![
        row(
            "compression",
            "with compression on at both ends, large and small messages arrive as they were",
            compression,
        ),
        row("signed messages", "both ends know the key; a wrong key and none are refused (Pyro4)", signed),
    ]
}

fn compression(c: &mut Column<'_>) -> Verdict {
    const SIZE: usize = 20_000;
    let target = if c.serves() {
        c.site.variant("compressing", DaemonBuilder::default().listen("127.0.0.1:0").compress(true))?
    } else {
        c.site.extra(c.pyro(), &["--config", "COMPRESSION=True"])?
    };
    c.go_to(target);
    let text = || Given::Value(format!("'x' * {SIZE}"), "x".repeat(SIZE).into());
    if c.serves() {
        c.raw_is(&json!({"cmd": "config", "set": {"COMPRESSION": true}}), "None")?;
        c.is(&call("thing", "size", &[]).with(text()), &SIZE.to_string())?;
        c.is(&call("thing", "size", &["'small'"]), "5")?;
        let echo = c.ask(&call("thing", "echo", &[]).with(text()))?;
        let good = matches!(&echo.outcome, Outcome::Ok(text) if text.len() == SIZE + 2);
        c.expect(&"echo of a large text", &"the text", &echo, good);
        return c.raw_is(&json!({"cmd": "config", "set": {"COMPRESSION": false}}), "None");
    }
    let proxy = c.proxy("thing", |client| client.compress(true))?;
    let long = "x".repeat(SIZE);
    let size = proxy.call("size", args![long.clone()]).wait();
    c.equal("size of a compressed text", &format!("{:?}", Value::from(SIZE)), &shown(size));
    let echo = proxy.call("echo", args![long.clone()]).wait();
    let good = echo.as_ref().is_ok_and(|echo| echo.as_str() == Some(long.as_str()));
    c.expect(&"echo of a compressed text", &"the text", &shown(echo), good);
    Ok(())
}

fn shown(outcome: Result<Value, ferropyro::CallError>) -> String {
    outcome.map_or_else(|error| error.to_string(), |value| format!("{value:?}"))
}

fn signed(c: &mut Column<'_>) -> Verdict {
    if c.pyro() == Pyro::Five {
        return c.cannot("Pyro5 has no signatures");
    }
    let target = if c.serves() {
        c.site.variant("signed", DaemonBuilder::default().listen("127.0.0.1:0").hmac_key(KEY))?
    } else {
        c.site.extra(c.pyro(), &["--hmac", KEY])?
    };
    c.go_to(target);
    if c.serves() {
        let uri = c.uris().get("thing").cloned().unwrap_or_default();
        for (on, key) in [("right", KEY), ("wrong", "another key")] {
            c.raw_is(&json!({"cmd": "options", "uri": uri, "on": on, "hmac": key}), "None")?;
        }
        c.is(&call("thing", "echo", &["'signed'"]).on("right"), "'signed'")?;
        for on in ["wrong", "none"] {
            let answer = c.ask(&call("thing", "echo", &["1"]).on(on))?;
            c.expect(&on, &"a refusal", &answer, matches!(answer.outcome, Outcome::Failed(_)));
        }
        return Ok(());
    }
    let right = c.proxy("thing", |client| client.hmac_key(KEY))?.call("echo", args!["signed"]).wait();
    c.equal("with the key", &format!("{:?}", Value::from("signed")), &shown(right));
    let wrong = c.proxy("thing", |client| client.hmac_key("another key"))?.call("echo", args![1]).wait();
    c.expect(&"with another key", &"a refusal", &shown_error(&wrong), wrong.is_err());
    let none = c.proxy("thing", |client| client)?.call("echo", args![1]).wait();
    c.expect(&"without a key", &"a refusal", &shown_error(&none), none.is_err());
    Ok(())
}

fn shown_error(outcome: &Result<Value, ferropyro::CallError>) -> String {
    outcome.as_ref().map_or_else(ToString::to_string, |value| format!("{value:?}"))
}

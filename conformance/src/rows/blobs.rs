//! Blobs: payloads that are passed on without being decoded.

use ferropyro::{CallError, Codec, Value, args};
use serde_json::json;

use super::{Row, row};
use crate::caller::Uris;
use crate::column::{Column, Verdict};
use crate::command::call;
use crate::show::show;

pub(super) fn rows() -> Vec<Row> {
    vec![
        row("blob", "an argument arrives undecoded, with its info, and is decoded by the method", blob),
        row(
            "blob through a dispatcher",
            "dispatchers that look at the info only pass it on: a genuine one to us and from us, ours to both",
            dispatched,
        ),
    ]
}

fn blob(c: &mut Column<'_>) -> Verdict {
    c.is(&call("blobs", "is_blob", &["1"]), "False")?;
    if !c.serves() {
        return from_us(c);
    }
    let uri = c.uris().get("blobs").cloned().unwrap_or_default();
    let send =
        |method| json!({"cmd": "blob", "uri": uri, "method": method, "info": "'info'", "data": "[1, 'two']"});
    c.raw_is(&send("is_blob"), "True")?;
    // What a genuine daemon finds in a json blob is a key of the call instead of the data.
    match c.codec() {
        Codec::Json if !c.bridges() => c.raw_is(&send("open"), "\"['info', [1, 'two']]\""),
        _ => {
            let genuine = c.site.genuine.get("blobs").cloned().unwrap_or_default();
            let reference = json!({
                "cmd": "blob", "uri": genuine, "method": "open", "info": "'info'", "data": "[1, 'two']",
            });
            let expected = c.raw(&reference)?;
            let got = c.raw(&send("open"))?;
            // The bridge opens it and writes it anew, its data as the arguments that stand in their place.
            let got = got.to_string();
            let got = if c.bridges() { got.replace("(1, 'two')", "[1, 'two']") } else { got };
            c.equal("an opened blob", &expected.to_string(), &got);
            Ok(())
        }
    }
}

/// Our client sends a blob as the genuine one does.
fn from_us(c: &mut Column<'_>) -> Verdict {
    let proxy = c.proxy("blobs", |client| client)?;
    let shown = |outcome: Result<Value, CallError>| {
        outcome.map_or_else(|error| error.to_string(), |value| show(&value))
    };
    let is_blob = proxy.call("is_blob", args![1, "two"]).blob("info").wait();
    c.equal("is_blob", "True", &shown(is_blob));
    let uri = c.uris().get("blobs").cloned().unwrap_or_default();
    let reference =
        json!({"cmd": "blob", "uri": uri, "method": "open", "info": "'info'", "data": "[1, 'two']"});
    let expected = c.raw(&reference)?;
    let got = shown(proxy.call("open", args![1, "two"]).blob("info").wait());
    // A tuple of arguments is one in the serializers that know them.
    c.equal(
        "an opened blob",
        &expected.to_string().replace("[1, 'two']", "(1, 'two')"),
        &got.replace("[1, 'two']", "(1, 'two')"),
    );
    Ok(())
}

fn dispatched(c: &mut Column<'_>) -> Verdict {
    c.not_bridging()?;
    let blobs = |uris: &Uris| uris.get("blobs").cloned().unwrap_or_default();
    let (dispatcher, ours, genuine) = (blobs(&c.site.genuine), blobs(&c.site.ours), blobs(&c.site.genuine));
    // The info, which is the address to pass it on to, comes along.
    let anonymous = |text: &str, uri: &str| text.replace(&crate::column::anonymous(uri), "SOMEBODY");
    let send = |dispatcher: &str, to: &str| {
        let info = ferropyro::literal::repr(&Value::from(to));
        json!({"cmd": "blob", "uri": dispatcher, "method": "pass_on", "info": info, "data": "[1, 'two']"})
    };
    let expected = c.raw(&send(&dispatcher, &genuine))?.to_string();
    let expected = anonymous(&expected, &genuine);
    if c.serves() {
        if c.codec() == Codec::Json {
            return c.cannot("a genuine daemon loses the data of a json blob");
        }
        for (dispatcher, to) in [(&dispatcher, &ours), (&ours, &genuine), (&ours, &ours)] {
            let got = c.raw(&send(dispatcher, to))?.to_string();
            c.equal("an opened blob", &expected, &anonymous(&got, to));
        }
        return Ok(());
    }
    let proxy = c.proxy("blobs", |client| client)?;
    let got = proxy.call("pass_on", args![1, "two"]).blob(genuine.as_str()).wait();
    let got = got.map_or_else(|error| error.to_string(), |value| show(&value));
    c.equal(
        "an opened blob",
        &expected.replace("[1, 'two']", "(1, 'two')"),
        &anonymous(&crate::column::anonymous(&got), &genuine).replace("[1, 'two']", "(1, 'two')"),
    );
    Ok(())
}

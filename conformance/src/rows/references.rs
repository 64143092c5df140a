//! Objects, proxies and addresses as values; callbacks.

use ferropyro::Codec;

use super::{Row, row};
use crate::column::{Column, Verdict};
use crate::command::{Act, Command, Given, Outcome, call, literal, to};

pub(super) fn rows() -> Vec<Row> {
    vec![
        row("address as value", "a URI is a result and an argument", address),
        row("proxy as value", "a proxy is a result and an argument", proxy),
        row("autoproxy", "an object of the daemon is returned, alone and in a list, and called", autoproxy),
        row(
            "callback",
            "the caller's object is called from the method: result, oneway, attribute, exception",
            callback,
        ),
        row(
            "callback to an address",
            "as callback, but only the address is handed over",
            callback_to_address,
        ),
        row("there and back", "the called back calls the one who calls back", there_and_back),
    ]
}

fn address(c: &mut Column<'_>) -> Verdict {
    c.is(&call("references", "uri", &[]), "<URI PYRO:references@SOME>")?;
    c.is(
        &call("references", "call_uri", &[])
            .with(Given::Address("thing"))
            .with(literal("'echo'"))
            .with(literal("'x'")),
        "'x'",
    )
}

fn proxy(c: &mut Column<'_>) -> Verdict {
    c.is(&call("references", "proxy", &[]), "<Proxy PYRO:references@SOME>")?;
    c.is(&call("references", "same", &[]).with(Given::Proxy("references")), "True")?;
    c.is(&call("references", "same", &[]).with(Given::Proxy("thing")), "False")
}

fn autoproxy(c: &mut Column<'_>) -> Verdict {
    if c.codec() == Codec::Marshal {
        return c.cannot("marshal of Pyro does not replace objects by proxies");
    }
    c.is(&call("references", "myself", &[]), "<Proxy PYRO:references@SOME>")?;
    c.is(&call("references", "child", &["'Ann'"]), "<Proxy PYRO:SOME@SOME>")?;
    if c.serves() {
        c.is(&to("references", Act::Eval("p.child('Ann').greet()".to_owned())), "'I am Ann'")?;
        let all = "[child.greet() for child in p.children('Ann', 'Bob')]";
        c.is(&to("references", Act::Eval(all.to_owned())), "['I am Ann', 'I am Bob']")?;
    }
    Ok(())
}

fn needs_autoproxy(c: &Column<'_>) -> Verdict {
    if c.serves() && c.codec() == Codec::Marshal {
        return c.cannot("marshal of Pyro does not replace objects by proxies");
    }
    Ok(())
}

fn words(method: &'static str, proxy: Given, arguments: &[&str]) -> Command {
    let mut command = call("references", method, &[]).with(proxy);
    for argument in arguments {
        command = command.with(literal(argument));
    }
    command
}

fn callback(c: &mut Column<'_>) -> Verdict {
    needs_autoproxy(c)?;
    c.is(&words("call", Given::Listener, &["'answer'", "5"]), "5")?;
    c.is(&words("call", Given::Listener, &["'hear'", "6"]), "None")?;
    c.fails(&words("call", Given::Listener, &["'fail'", "'no'"]), "ValueError", "no")?;
    c.is(&words("attribute", Given::Listener, &["'motto'"]), "'all ears'")?;
    // The listeners have heard the callbacks of other rows, too.
    let heard = c.ask(&to("references", Act::Heard(2)))?;
    let good = matches!(&heard.outcome, Outcome::Ok(text) if text.contains("5, 6"));
    c.expect(&"what the listener heard", &"5, 6", &heard, good);
    Ok(())
}

fn callback_to_address(c: &mut Column<'_>) -> Verdict {
    c.is(&words("call_uri", Given::ListenerUri, &["'answer'", "7"]), "7")?;
    c.fails(&words("call_uri", Given::ListenerUri, &["'fail'", "'no'"]), "ValueError", "no")
}

fn there_and_back(c: &mut Column<'_>) -> Verdict {
    needs_autoproxy(c)?;
    let command = words("call", Given::Listener, &["'call'"]).with(Given::Proxy("thing"));
    c.is(&command.with(literal("'describe'")).with(literal("1")), "'int|1'")
}

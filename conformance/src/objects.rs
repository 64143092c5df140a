//! Our objects: the Rust counterparts of those in `python/things.py`, method by method.

mod blobs;
mod context;
mod counters;
mod failures;
mod fragile;
mod listener;
mod references;
mod streams;
mod tally;
mod thing;

pub(crate) use listener::Listening;
pub(crate) use tally::Tally;

use ferropyro::server::Methods;
use ferropyro::{CallError, Client, Daemon, Exception, Value};

use crate::caller::Uris;

/// Serves everything on a daemon; gives the addresses by the names.
///
/// `gone` counts the callers that have left.
pub(crate) fn serve_all(daemon: &Daemon, client: &Client, gone: Tally) -> ferropyro::Result<Uris> {
    let things = [
        ("streams", streams::streams()),
        ("failures", failures::failures()),
        ("references", references::references(client)),
        ("context", context::context_object(client)),
        ("blobs", blobs::blobs()),
        ("single", counters::counter(counters::Instances::Single)),
        ("session", counters::counter(counters::Instances::Session)),
        ("percall", counters::counter(counters::Instances::PerCall)),
        ("letters", letters()),
        ("doorkeeper", doorkeeper(gone)),
        ("bare", Methods::new("Bare")),
    ];
    let mut uris = Uris::new();
    let thing = fragile::Fragile::new(thing::thing());
    uris.insert("thing".to_owned(), daemon.register("thing", thing)?.to_string());
    for (name, thing) in things {
        uris.insert(name.to_owned(), daemon.register(name, thing)?.to_string());
    }
    uris.insert("daemon".to_owned(), daemon.uri_for("Pyro.Daemon").to_string());
    Ok(uris)
}

/// An object with an inside: length, index, iteration.
fn letters() -> Methods {
    Methods::new("Letters")
        .method("__len__", async |call| call.bind([]).map(|[]| 3))
        .method("__getitem__", async |call| {
            let [index] = call.bind(["index"])?;
            let letter = "abc".chars().nth(number(&index)?);
            letter.ok_or_else(|| Exception::new("IndexError", "list index out of range"))
        })
        .method("__setitem__", async |call| call.bind(["index", "letter"]).map(|_| ()))
        .method("__delitem__", async |call| call.bind(["index"]).map(|_| ()))
        .stream("__iter__", |call| {
            let [] = call.bind([])?;
            Ok(ferropyro::server::ItemSource::from_items("abc".chars()))
        })
}

/// What the daemon knows.
fn doorkeeper(gone: Tally) -> Methods {
    Methods::new("Doorkeeper").blocking("gone", move |call| {
        let [count] = call.bind(["count"])?;
        Ok(gone.wait(number(&count)?)?.len())
    })
}

/// A failed call of ours as the exception of the method that made it.
fn raise(error: CallError) -> Exception {
    match error {
        CallError::Exception(exception) => *exception,
        other => Exception::new("RuntimeError", other.to_string()),
    }
}

/// A text argument.
fn text(value: &Value) -> Result<String, Exception> {
    let wrong = || Exception::new("TypeError", format!("a text is wanted, not {}", value.type_name()));
    value.as_str().map(str::to_owned).ok_or_else(wrong)
}

/// A number argument.
fn number(value: &Value) -> Result<usize, Exception> {
    let wrong = || Exception::new("TypeError", format!("a number is wanted, not {}", value.type_name()));
    value.as_int().and_then(|number| usize::try_from(number).ok()).ok_or_else(wrong)
}

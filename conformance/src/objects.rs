//! Our objects: the Rust counterparts of those in `python/things.py`, method by method.

pub(crate) mod alphabet;
mod blobs;
mod context;
mod counters;
pub(crate) mod desk;
mod failures;
mod fragile;
mod listener;
pub(crate) mod lobby;
mod references;
mod streams;
mod tally;
pub(crate) mod tape;
mod thing;
mod till;
pub(crate) mod wares;

pub(crate) use counters::{CounterProxy, DeparturesProxy, GuestProxy, MoodyProxy};
pub(crate) use listener::Listening;
pub(crate) use tally::Tally;
pub(crate) use till::TillProxy;

use ferropyro::server::Methods;
use ferropyro::{AnyProxy, CallError, Client, Daemon, Exception, Instances, Value};

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
    for typed in serve_typed(daemon)? {
        let uri = typed.uri();
        uris.insert(uri.object().unwrap_or_default().to_owned(), uri.to_string());
    }
    uris.insert("daemon".to_owned(), daemon.uri_for("Pyro.Daemon").to_string());
    Ok(uris)
}

/// Serves what has declared types.
fn serve_typed(daemon: &Daemon) -> ferropyro::Result<Vec<AnyProxy>> {
    let departures = Tally::default();
    Ok(vec![
        alphabet::AlphabetProxy::serve(daemon, "alphabet", alphabet::Abc)?.into(),
        CounterProxy::serve(daemon, "single", counters::Count::default())?.into(),
        CounterProxy::serve(daemon, "session", Instances::per_session(counters::Count::default))?.into(),
        CounterProxy::serve(daemon, "percall", Instances::per_call(counters::Count::default))?.into(),
        MoodyProxy::serve(daemon, "moody", counters::moody())?.into(),
        GuestProxy::serve(daemon, "guest", counters::guest(&departures))?.into(),
        DeparturesProxy::serve(daemon, "departures", counters::Departures(departures))?.into(),
        desk::DeskProxy::serve(daemon, "desk", desk::FrontDesk::new())?.into(),
        wares::WaresProxy::serve(daemon, "wares", wares::Shelf)?.into(),
        tape::TapeProxy::serve(daemon, "tape", tape::Reel::default())?.into(),
        lobby::LobbyProxy::serve(daemon, "lobby", lobby::Hall)?.into(),
        TillProxy::serve(daemon, "till", till::Till::new())?.into(),
    ])
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

/// What the daemon knows, and does when it is told to.
fn doorkeeper(gone: Tally) -> Methods {
    Methods::new("Doorkeeper")
        .blocking("gone", move |call| {
            let [count] = call.bind(["count"])?;
            Ok(gone.wait(number(&count)?)?.len())
        })
        .method("offer", async |call| {
            let [name] = call.bind(["name"])?;
            let name = text(&name)?;
            let greeting = format!("I am {name}");
            let child = Methods::new("Child").method("greet", move |_| {
                let greeting = greeting.clone();
                async { Ok(greeting) }
            });
            Ok(daemon()?.register(&name, child)?.to_string())
        })
        .method("withdraw", async |call| {
            let [name] = call.bind(["name"])?;
            daemon()?.unregister(text(&name)?.as_str());
            Ok(())
        })
        .method("close", async |_| {
            daemon()?.shutdown();
            Ok(())
        })
}

/// The daemon that serves this call.
fn daemon() -> Result<Daemon, Exception> {
    let daemon = ferropyro::context().and_then(|context| context.daemon());
    daemon.ok_or_else(|| Exception::new("RuntimeError", "no daemon"))
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

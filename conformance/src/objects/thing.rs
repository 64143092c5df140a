//! `Thing`: values, arguments, attributes, names, oneway calls, time and threads.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use ferropyro::server::Methods;
use ferropyro::{Arguments, Exception, Value};
use tokio::sync::{Barrier, watch};

use super::tally::PATIENCE;
use super::{Tally, number, text};
use crate::expression;
use crate::show::{describe, show};

/// The object.
pub(super) fn thing() -> Methods {
    let lines = Tally::default();
    let (unblocked, _) = watch::channel(false);
    let thing = values(Methods::new("Thing"));
    let thing = attributes(thing);
    let thing = names(thing);
    let thing = oneways(thing, &lines, &unblocked);
    meetings(thing, lines, unblocked)
}

fn values(thing: Methods) -> Methods {
    thing
        .method("echo", async |call| call.bind(["value"]).map(|[value]| value))
        .method("describe", async |call| call.bind(["value"]).map(|[value]| describe(&value)))
        .method("make", async |call| {
            let [source] = call.bind(["expression"])?;
            let source = text(&source)?;
            let unknown = || Exception::new("NameError", format!("the suite does not understand {source}"));
            expression::evaluate(&source).ok_or_else(unknown)
        })
        .method("add", async |call| {
            let ([a], [b]) = call.bind_optional(["a"], ["b"])?;
            let sum = a.as_int().zip(b.unwrap_or(Value::Int(10)).as_int()).map(|(a, b)| a + b);
            sum.ok_or_else(|| Exception::new("TypeError", "unsupported operand type(s) for +"))
        })
        .method("arguments", async |Arguments { positional, keyword, .. }| {
            let mut entries: Vec<_> = keyword.into_iter().collect();
            entries.sort_by_key(|(name, _)| name.as_str().map(str::to_owned));
            let keyword = Value::Dict(entries.into_iter().collect());
            Ok(show(&Value::List(vec![Value::Tuple(positional), keyword])))
        })
        .method("size", async |call| {
            let [value] = call.bind(["value"])?;
            match value {
                Value::Str(text) => Ok(text.chars().count()),
                Value::Bytes(bytes) => Ok(bytes.len()),
                Value::List(items) | Value::Tuple(items) => Ok(items.len()),
                Value::Dict(dict) => Ok(dict.len()),
                Value::Set(set) => Ok(set.len()),
                other => {
                    let text = format!("object of type '{}' has no len()", other.type_name());
                    Err(Exception::new("TypeError", text))
                }
            }
        })
        .method("nothing", async |call| call.bind([]).map(|[]| ()))
}

fn attributes(thing: Methods) -> Methods {
    let motto = Arc::new(Mutex::new(Value::from("be plain")));
    let read = Arc::clone(&motto);
    thing
        .attribute_rw(
            "motto",
            move || read.lock().unwrap_or_else(PoisonError::into_inner).clone(),
            move |value| {
                if value.as_str().is_none() {
                    return Err(Exception::new("TypeError", "a motto is a text"));
                }
                *motto.lock().unwrap_or_else(PoisonError::into_inner) = value;
                Ok(())
            },
        )
        .attribute("version", || (1, 2))
}

fn names(thing: Methods) -> Methods {
    thing
        .method("__dunder__", async |call| call.bind([]).map(|[]| "within reach"))
        .method("inherited", async |call| call.bind([]).map(|[]| "inherited"))
        .method("of_the_class", async |call| call.bind([]).map(|[]| "Thing"))
        .method("of_nobody", async |call| call.bind([]).map(|[]| "static"))
}

fn oneways(thing: Methods, lines: &Tally, unblocked: &watch::Sender<bool>) -> Methods {
    let (log, fail, later) = (lines.clone(), lines.clone(), lines.clone());
    let gate = unblocked.subscribe();
    thing
        .oneway("log", move |call| {
            let log = log.clone();
            async move {
                let [line] = call.bind(["line"])?;
                log.add(line);
                Ok(())
            }
        })
        .oneway("log_and_fail", move |call| {
            let fail = fail.clone();
            async move {
                let [line] = call.bind(["line"])?;
                fail.add(line);
                Err(Exception::new("RuntimeError", "nobody hears this"))
            }
        })
        .oneway("log_when_unblocked", move |call| {
            let (later, mut gate) = (later.clone(), gate.clone());
            async move {
                let [line] = call.bind(["line"])?;
                // Logged in any case, as the genuine one does when it waits in vain.
                let _ = tokio::time::timeout(PATIENCE, gate.wait_for(|open| *open)).await;
                later.add(line);
                Ok(())
            }
        })
}

fn meetings(thing: Methods, lines: Tally, unblocked: watch::Sender<bool>) -> Methods {
    let unblocked = Arc::new(unblocked);
    let (blocked, forgotten) = (unblocked.subscribe(), Arc::clone(&unblocked));
    let forget = lines.clone();
    let rooms: Arc<Mutex<BTreeMap<usize, Arc<Barrier>>>> = Arc::default();
    thing
        .blocking("lines", move |call| {
            let [count] = call.bind(["count"])?;
            let mut lines = lines.wait(number(&count)?)?;
            lines.sort_by_key(|line| line.as_str().map(str::to_owned));
            Ok(lines)
        })
        .method("forget", move |call| {
            forget.clear();
            forgotten.send_replace(false);
            async move { call.bind([]).map(|[]| ()) }
        })
        .method("block", move |call| {
            let mut gate = blocked.clone();
            async move {
                let [] = call.bind([])?;
                Ok(matches!(tokio::time::timeout(PATIENCE, gate.wait_for(|open| *open)).await, Ok(Ok(_))))
            }
        })
        .method("unblock", move |call| {
            unblocked.send_replace(true);
            async move { call.bind([]).map(|[]| ()) }
        })
        .method("meet", move |call| {
            let rooms = Arc::clone(&rooms);
            async move {
                let [parties] = call.bind(["parties"])?;
                let parties = number(&parties)?;
                let room = {
                    let mut rooms = rooms.lock().unwrap_or_else(PoisonError::into_inner);
                    Arc::clone(rooms.entry(parties).or_insert_with(|| Arc::new(Barrier::new(parties))))
                };
                match tokio::time::timeout(PATIENCE, room.wait()).await {
                    Ok(_) => Ok(parties),
                    Err(_) => Err(Exception::new("threading.BrokenBarrierError", "")),
                }
            }
        })
}

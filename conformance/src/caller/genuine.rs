//! A genuine Pyro caller: `python/client.py`, told what to do in its own words.

use serde_json::{Map, Value as Json, json};

use super::{Caller, Uris};
use crate::command::{Act, Answer, Command, Given, Invocation, Outcome, Target, Trouble};
use crate::peer::Peer;

/// A genuine caller under way.
#[derive(Debug)]
pub(crate) struct GenuineCaller {
    peer: Peer,
}

impl GenuineCaller {
    pub(crate) fn new(peer: Peer) -> Self {
        Self { peer }
    }

    /// Sends a command that only genuine callers know.
    pub(crate) fn raw(&mut self, command: &Json) -> Result<Answer, String> {
        read(&self.peer.ask(command)?)
    }
}

impl Caller for GenuineCaller {
    fn ask(&mut self, uris: &Uris, command: &Command) -> Result<Answer, String> {
        let uri = match &command.target {
            Target::Uri(uri) => uri,
            Target::Thing(thing) => uris.get(*thing).ok_or_else(|| format!("there is no {thing}"))?,
        };
        let mut words = Map::new();
        words.insert("uri".to_owned(), json!(uri));
        if let Some(on) = command.on {
            words.insert("on".to_owned(), json!(on));
        }
        if let Some((id, text)) = command.annotation {
            words.insert("annotations".to_owned(), json!({ id: text }));
        }
        if let Some(id) = command.correlation {
            words.insert("correlation".to_owned(), json!(id));
        }
        act(uris, &command.act, &mut words)?;
        self.raw(&Json::Object(words))
    }
}

fn act(uris: &Uris, act: &Act, words: &mut Map<String, Json>) -> Result<(), String> {
    let mut say = |word: &str, what: Json| {
        words.insert(word.to_owned(), what);
    };
    let (cmd, invocation) = match act {
        Act::Call(call) => ("call", Some(call)),
        Act::Unchecked(call) => ("unchecked", Some(call)),
        Act::Oneway(call) => ("oneway", Some(call)),
        Act::Stream { call, take, close } => {
            say("take", json!(take));
            say("close", json!(close));
            ("stream", Some(call))
        }
        Act::Threads { call, threads, each } => {
            say("threads", json!(threads));
            say("each", json!(each));
            ("threads", Some(call))
        }
        Act::Get(name) => {
            say("name", json!(name));
            ("get", None)
        }
        Act::Set(name, value) => {
            say("name", json!(name));
            say("value", json!(argument(uris, value)?));
            ("set", None)
        }
        Act::Batch(calls) | Act::OnewayBatch(calls) => {
            let calls: Result<Vec<_>, String> = calls
                .iter()
                .map(|call| Ok(json!([call.method, positional(uris, call)?, keyword(uris, call)?])))
                .collect();
            say("calls", Json::Array(calls?));
            (if matches!(act, Act::Batch(_)) { "batch" } else { "oneway_batch" }, None)
        }
        Act::Handshake(value) => {
            say("handshake", json!(argument(uris, value)?));
            ("options", None)
        }
        Act::Timeout(seconds) => {
            say("timeout", json!(seconds));
            ("options", None)
        }
        Act::Eval(expression) => {
            say("expression", json!(expression));
            ("eval", None)
        }
        Act::Heard(count) => {
            say("count", json!(count));
            ("heard", None)
        }
        Act::Bind => ("bind", None),
        Act::Release => ("release", None),
        Act::Metadata => ("metadata", None),
        Act::Ping => ("ping", None),
    };
    say("cmd", json!(cmd));
    if let Some(call) = invocation {
        say("method", json!(call.method));
        say("args", json!(positional(uris, call)?));
        say("kwargs", json!(keyword(uris, call)?));
    }
    Ok(())
}

fn positional(uris: &Uris, call: &Invocation) -> Result<String, String> {
    let arguments: Result<Vec<_>, _> = call.positional.iter().map(|given| argument(uris, given)).collect();
    let mut text = arguments?.join(", ");
    if call.positional.len() == 1 {
        text.push(',');
    }
    Ok(format!("({text})"))
}

fn keyword(uris: &Uris, call: &Invocation) -> Result<String, String> {
    let entries: Result<Vec<_>, String> = call
        .keyword
        .iter()
        .map(|(name, given)| Ok(format!("'{name}': {}", argument(uris, given)?)))
        .collect();
    Ok(format!("{{{}}}", entries?.join(", ")))
}

fn argument(uris: &Uris, given: &Given) -> Result<String, String> {
    let address = |thing: &str| uris.get(thing).ok_or_else(|| format!("there is no {thing}"));
    Ok(match given {
        Given::Value(expression, _) => expression.clone(),
        Given::Listener => "listener".to_owned(),
        Given::ListenerUri => "listener_uri".to_owned(),
        Given::Proxy(thing) => format!("Proxy('{}')", address(thing)?),
        Given::Address(thing) => format!("'{}'", address(thing)?),
    })
}

/// Reads an answer of `client.py`.
fn read(answer: &Json) -> Result<Answer, String> {
    let text = |json: &Json| json.as_str().map(str::to_owned);
    let outcome = if let Some(ok) = answer.get("ok").and_then(text) {
        Outcome::Ok(ok)
    } else {
        let error = answer.get("error").ok_or_else(|| format!("{answer} is no answer"))?;
        let member = |name: &str| error.get(name).and_then(text).unwrap_or_default();
        Outcome::Failed(Trouble {
            class: member("class"),
            text: member("text"),
            args: member("args"),
            attributes: member("attributes"),
            traceback: error.get("traceback").and_then(Json::as_bool).unwrap_or_default(),
        })
    };
    let annotations = answer.get("annotations").and_then(Json::as_object);
    let annotations =
        annotations.into_iter().flatten().filter_map(|(id, data)| Some((id.clone(), text(data)?)));
    Ok(Answer { outcome, before: answer.get("before").and_then(text), annotations: annotations.collect() })
}

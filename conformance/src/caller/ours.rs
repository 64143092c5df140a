//! Our client as a caller that takes the suite's commands.

use std::collections::{BTreeMap, HashMap};
use std::thread;
use std::time::Duration;

use ferropyro::client::{Batch, Call};
use ferropyro::tls::ClientTls;
use ferropyro::{Annotations, AnyProxy, Arguments, CallError, Client, Codec, Dict, Exception, Uuid, Value};

use super::{Caller, Uris};
use crate::command::{Act, Answer, Command, Given, Invocation, Outcome, Target, Trouble};
use crate::objects::Listening;
use crate::pyro::Pyro;
use crate::show::{show, show_attributes};

/// A caller on our client.
#[derive(Debug)]
pub(crate) struct OurCaller {
    pyro: Pyro,
    codec: Codec,
    tls: Option<ClientTls>,
    proxies: HashMap<(String, Option<&'static str>), AnyProxy>,
    listening: Listening,
}

impl OurCaller {
    pub(crate) fn new(pyro: Pyro, codec: Codec) -> Result<Self, String> {
        Ok(Self { pyro, codec, tls: None, proxies: HashMap::new(), listening: Listening::start()? })
    }

    /// A client as the column wants it, apart from what a row needs otherwise.
    pub(crate) fn client(&self) -> ferropyro::client::ClientBuilder {
        Client::builder().serializer(self.codec).timeout(Duration::from_secs(15)).tls(self.tls.clone())
    }

    /// Uses TLS until it is told to forget.
    pub(crate) fn use_tls(&mut self, tls: ClientTls) {
        self.forget();
        self.tls = Some(tls);
    }

    /// Closes all connections; those to come are plain.
    pub(crate) fn forget(&mut self) {
        self.tls = None;
        self.proxies.clear();
    }

    fn proxy(&mut self, uri: &str, on: Option<&'static str>) -> Result<AnyProxy, Outcome> {
        if let Some(proxy) = self.proxies.get(&(uri.to_owned(), on)) {
            return Ok(proxy.clone());
        }
        self.replace(uri, on, &self.client().build())
    }

    fn replace(&mut self, uri: &str, on: Option<&'static str>, client: &Client) -> Result<AnyProxy, Outcome> {
        let proxy = client.lookup_any(uri).wait().map_err(|error| self.failed(error.kind()))?;
        self.proxies.insert((uri.to_owned(), on), proxy.clone());
        Ok(proxy)
    }

    /// An error as the genuine caller of the same version would tell it.
    pub(crate) fn failed(&self, error: &CallError) -> Outcome {
        Outcome::Failed(trouble(error, self.pyro))
    }

    fn arguments(&self, uris: &Uris, call: &Invocation) -> Arguments {
        let positional = call.positional.iter().map(|given| self.value(uris, given)).collect();
        let keyword: Dict =
            call.keyword.iter().map(|(name, given)| (*name, self.value(uris, given))).collect();
        Arguments::new("", positional, keyword)
    }

    fn value(&self, uris: &Uris, given: &Given) -> Value {
        let address = |thing: &str| uris.get(thing).cloned().unwrap_or_default();
        match given {
            Given::Value(_, value) => value.clone(),
            Given::Listener => self.listening.reference(),
            Given::ListenerUri => self.listening.uri().to_string().into(),
            Given::Address(thing) => address(thing).into(),
            Given::Proxy(thing) => match address(thing).parse::<ferropyro::Uri>() {
                Ok(uri) => ferropyro::ProxyState::new(uri).into(),
                Err(_) => Value::None,
            },
        }
    }

    fn act(&mut self, uris: &Uris, uri: &str, command: &Command) -> Result<Answer, Outcome> {
        let proxy = self.proxy(uri, command.on)?;
        let failed = |error: CallError| self.failed(&error);
        let general = |error: ferropyro::Error| self.failed(error.kind());
        let call = |invocation: &Invocation| {
            let mut call = proxy.call(invocation.method.clone(), self.arguments(uris, invocation));
            if let Some((id, text)) = command.annotation
                && let Some(id) = id.as_bytes().first_chunk()
            {
                call = call.annotate(*id, text.as_bytes().to_vec());
            }
            match command.correlation.and_then(|id| id.parse::<Uuid>().ok()) {
                Some(id) => call.correlation(id),
                None => call,
            }
        };
        let result = match &command.act {
            Act::Call(invocation) => {
                let (result, annotations) = call(invocation).with_annotations().wait().map_err(general)?;
                let outcome = Outcome::Ok(show(&result));
                return Ok(Answer { outcome, before: None, annotations: texts(&annotations) });
            }
            Act::Oneway(invocation) => {
                call(invocation).oneway().wait().map_err(failed)?;
                Value::None
            }
            Act::Get(name) => proxy.get(*name).wait().map_err(failed)?,
            Act::Set(name, given) => {
                proxy.set(*name, self.value(uris, given)).wait().map_err(failed)?;
                Value::None
            }
            Act::Batch(calls) => return self.batch(uris, &proxy, calls),
            Act::OnewayBatch(calls) => {
                let batch = self.queue(uris, &proxy, calls);
                batch.oneway().wait().map_err(general)?;
                Value::None
            }
            Act::Stream { call: invocation, take, close: _ } => {
                let mut items = call(invocation).stream().wait().map_err(general)?;
                let mut before = Vec::new();
                while take.is_none_or(|take| before.len() < take) {
                    match items.next_wait() {
                        Some(Ok(item)) => before.push(item),
                        None => break,
                        Some(Err(error)) => return Ok(self.interrupted(&error, before)),
                    }
                }
                Value::List(before)
            }
            Act::Bind => {
                let response = proxy.handshake_response().wait().map_err(general)?;
                Value::List(vec![proxy.uri().to_string().into(), response])
            }
            Act::Handshake(given) => {
                let client = self.client().handshake(self.value(uris, given)).build();
                self.replace(uri, command.on, &client)?;
                Value::None
            }
            Act::Timeout(seconds) => {
                let client = self.client().timeout(Duration::from_secs_f64(*seconds)).build();
                self.replace(uri, command.on, &client)?;
                Value::None
            }
            Act::Release => {
                proxy.release();
                Value::None
            }
            Act::Metadata => {
                let metadata = proxy.metadata().wait().map_err(general)?;
                let sorted = |names: &[String]| {
                    let mut names = names.to_vec();
                    names.sort();
                    names.into_iter().collect::<Value>()
                };
                let parts = [
                    ("methods", &metadata.methods),
                    ("oneway", &metadata.oneway),
                    ("attrs", &metadata.attrs),
                ];
                Value::Dict(parts.into_iter().map(|(name, names)| (name, sorted(names))).collect())
            }
            Act::Ping => {
                proxy.ping().wait().map_err(general)?;
                Value::from("pong")
            }
            Act::Threads { call: invocation, threads, each } => Value::Dict(in_threads(
                &proxy,
                &self.arguments(uris, invocation),
                invocation,
                *threads,
                *each,
            )),
            Act::Heard(count) => Value::List(self.listening.heard(*count)),
            Act::Unchecked(invocation) => call(invocation).unchecked().wait().map_err(failed)?,
            Act::Eval(_) => {
                return Err(Outcome::Unable("only a genuine caller can be told to do this".to_owned()));
            }
        };
        Ok(Answer { outcome: Outcome::Ok(show(&result)), ..Answer::default() })
    }

    fn queue(&self, uris: &Uris, proxy: &AnyProxy, calls: &[Invocation]) -> Batch<Vec<Call>> {
        let call = |call: &Invocation| proxy.call(call.method.clone(), self.arguments(uris, call));
        proxy.batch(calls.iter().map(call).collect())
    }

    fn batch(&self, uris: &Uris, proxy: &AnyProxy, calls: &[Invocation]) -> Result<Answer, Outcome> {
        let results = self.queue(uris, proxy, calls).wait().map_err(|error| self.failed(&error))?;
        let mut before = Vec::new();
        for result in results {
            match result {
                Ok(value) => before.push(value),
                Err(exception) => return Ok(self.interrupted(&exception, before)),
            }
        }
        Ok(Answer { outcome: Outcome::Ok(show(&Value::List(before))), ..Answer::default() })
    }

    fn interrupted(&self, error: &CallError, before: Vec<Value>) -> Answer {
        let before = (!before.is_empty()).then(|| show(&Value::List(before)));
        Answer { outcome: self.failed(error), before, annotations: BTreeMap::new() }
    }
}

impl Caller for OurCaller {
    fn ask(&mut self, uris: &Uris, command: &Command) -> Result<Answer, String> {
        let uri = match &command.target {
            Target::Uri(uri) => uri,
            Target::Thing(thing) => uris.get(*thing).ok_or_else(|| format!("there is no {thing}"))?,
        };
        let answer = self.act(uris, uri, command);
        Ok(answer.unwrap_or_else(|outcome| Answer { outcome, ..Answer::default() }))
    }
}

fn texts(annotations: &Annotations) -> BTreeMap<String, String> {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    annotations.iter().map(|(id, data)| (text(&id), text(data))).collect()
}

/// Calls a method so often in each of several threads, each on a connection of its own.
fn in_threads(
    proxy: &AnyProxy,
    arguments: &Arguments,
    call: &Invocation,
    threads: usize,
    each: usize,
) -> Dict {
    let mut outcomes: BTreeMap<String, i64> = BTreeMap::new();
    thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|_| {
                let proxy = proxy.fork();
                scope.spawn(move || {
                    let one = || proxy.call(call.method.clone(), arguments.clone()).wait();
                    let text = |outcome| match outcome {
                        Ok(value) => show(&value),
                        Err::<Value, CallError>(error) => error.to_string(),
                    };
                    (0..each).map(|_| text(one())).collect::<Vec<_>>()
                })
            })
            .collect();
        for worker in workers {
            for outcome in worker.join().unwrap_or_else(|_| vec!["a thread panicked".to_owned()]) {
                *outcomes.entry(outcome).or_default() += 1;
            }
        }
    });
    outcomes.into_iter().collect()
}

fn trouble(error: &CallError, pyro: Pyro) -> Trouble {
    let of_pyro = |class: &str| format!("Pyro{pyro}.errors.{class}");
    let (class, text) = match error {
        CallError::Exception(exception) => return raised(exception),
        CallError::NoSuchMember { .. } => ("AttributeError".to_owned(), error.to_string()),
        CallError::Refused { .. } | CallError::Unreachable { .. } => {
            (of_pyro("CommunicationError"), error.to_string())
        }
        CallError::Closed { .. } => (of_pyro("ConnectionClosedError"), error.to_string()),
        CallError::Timeout { .. } => (of_pyro("TimeoutError"), error.to_string()),
        CallError::Naming(_) => (of_pyro("NamingError"), error.to_string()),
        CallError::Protocol { .. } => (of_pyro("ProtocolError"), error.to_string()),
        CallError::Decode(_) => (of_pyro("SerializeError"), error.to_string()),
        CallError::Encode(_) => ("TypeError".to_owned(), error.to_string()),
        _ => (of_pyro("PyroError"), error.to_string()),
    };
    Trouble { class, text, args: "[]".to_owned(), attributes: "{}".to_owned(), traceback: false }
}

fn raised(exception: &Exception) -> Trouble {
    let class = match exception.class() {
        "conformance.CustomError" => "dialect.CustomError",
        class => {
            class.strip_prefix("builtins.").or_else(|| class.strip_prefix("exceptions.")).unwrap_or(class)
        }
    };
    Trouble {
        class: class.to_owned(),
        text: exception.message(),
        args: show(&Value::List(exception.args().to_vec())),
        attributes: show_attributes(exception),
        traceback: !exception.traceback().is_empty(),
    }
}

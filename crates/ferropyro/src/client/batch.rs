//! [`Batch`]: many calls of one object in one message.

use std::borrow::Cow;

use ferropyro_value::{Codec, DecodeErrorKind, EncodeError, Flavor, Value, call};

use super::exchange::{Ask, Exchange, Outcome, Payload, Request};
use super::members::Member;
use super::{AnyProxy, answer};
use crate::{Arguments, CallError, Operation};

/// Calls that travel together and run one after the other, up to the first that fails.
///
/// ```no_run
/// # use ferropyro::{AnyProxy, args};
/// # async fn example(greeter: AnyProxy) -> ferropyro::Result<()> {
/// let results = greeter.batch().call("add", args![1, 2]).call("hello", args!["world"]).send().await?;
/// for result in results {
///     println!("{:?}", result?);
/// }
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
#[must_use = "a batch does nothing until it is sent"]
pub struct Batch {
    proxy: AnyProxy,
    calls: Vec<call::BatchEntry>,
}

/// The results of a batch, in order: up to the first exception, which is the last one then.
pub type Results = Vec<Result<Value, CallError>>;

struct Calls(Vec<call::BatchEntry>);

impl Payload for Calls {
    fn encode(
        &self,
        codec: Codec,
        flavor: &'static Flavor,
        object: &str,
        _: &str,
        out: &mut Vec<u8>,
    ) -> Result<(), EncodeError> {
        call::encode_batch(codec, flavor, object, &self.0, out)
    }
}

impl Batch {
    pub(super) fn new(proxy: AnyProxy) -> Self {
        Self { proxy, calls: Vec::new() }
    }

    /// Adds a call.
    pub fn call(mut self, method: impl Into<String>, arguments: impl Into<Arguments>) -> Self {
        let Arguments { positional, keyword, .. } = arguments.into();
        self.calls.push(call::BatchEntry { method: method.into(), positional, keyword });
        self
    }

    /// Sends the calls and gives their results. A call that fails is the last one: those behind it do not
    /// run, and have no result.
    ///
    /// # Errors
    /// When awaited: those of a call. An unknown method, or a result that cannot be sent, fails all of them,
    /// although the ones before it have run.
    pub fn send(self) -> Operation<Results> {
        let runtime = self.proxy.client().runtime().clone();
        Operation::new(&runtime, async move {
            let proxy = self.proxy.clone();
            match self.exchange(false).await?.await? {
                Outcome::Done => Ok(Vec::new()),
                Outcome::Replied(reply, bound) => {
                    let limits = &proxy.client().settings().protocol.value_limits;
                    let reply = answer::check(reply, bound.link.peer(), limits)?;
                    let results = reply.codec.decode_shared(&reply.payload, limits)?;
                    Ok(results.into_items().map_err(|other| wrong(&other))?.into_iter().map(result).collect())
                }
            }
        })
    }

    /// Sends the calls without waiting for results; done when they are written.
    ///
    /// # Errors
    /// When awaited: as for any [`Oneway`](super::Oneway).
    pub fn oneway(self) -> Operation<()> {
        let runtime = self.proxy.client().runtime().clone();
        Operation::new(&runtime, async move {
            self.exchange(true).await?.await?;
            Ok(())
        })
    }

    /// The exchange, once the names are checked.
    async fn exchange(self, oneway: bool) -> Result<Exchange<Calls>, CallError> {
        let session = self.proxy.session();
        let bound = match session.bound() {
            Some(bound) => bound,
            None => session.connect().await?,
        };
        for call in &self.calls {
            if !matches!(bound.members.get(&call.method), Some(Member::Method { .. })) {
                let (uri, name) = (self.proxy.uri().to_string(), call.method.clone());
                return Err(CallError::NoSuchMember { uri, what: "attribute or method", name });
            }
        }
        let name = Cow::Borrowed(call::BATCH_METHOD);
        let mut request = Request::new(&self.proxy, Ask::Batch, name, Calls(self.calls));
        request.oneway = oneway;
        request.flush = oneway;
        Ok(Exchange::new(session, request))
    }
}

fn result(value: Value) -> Result<Value, CallError> {
    match value {
        Value::Exception(exception) => Err(CallError::Exception(exception)),
        value => Ok(value),
    }
}

fn wrong(value: &Value) -> ferropyro_value::DecodeError {
    let message = format!("the results of a batch are a {}, not a list", value.type_name());
    ferropyro_value::DecodeError::unplaced(DecodeErrorKind::Type, message)
}

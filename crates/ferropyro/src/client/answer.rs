//! From what became of a request to what the caller gets.

use std::any::Any;

use ferropyro_proto::{Annotations, Reply, ReplyKind};
use ferropyro_value::{Exception, Instance, Limits, Value, serde_bridge};
use serde::de::DeserializeOwned;

use super::exchange::{Became, Outcome};
use super::session::Bound;
use super::{AnyProxy, RemoteItems};
use crate::server::{After, LocalAnswer};
use crate::{CallError, RemoteError, Stream, scope};

/// Makes of an outcome what the caller of a method expects.
pub(crate) type Read<T, E> = fn(&AnyProxy, Outcome) -> Result<T, CallError<E>>;

/// A result of a call that is not known to be a stream, nor to be none.
#[derive(Debug)]
pub enum Answer {
    /// A value; `None` for a oneway method.
    Value(Value),
    /// A stream, of which no item has been fetched.
    Stream(Stream),
}

impl Outcome {
    /// The annotations of the answer.
    pub(super) fn annotations(&self) -> Annotations {
        match &self.0 {
            Became::Replied(reply, _) => reply.annotations.clone(),
            Became::Answered(_, annotations) => annotations.clone(),
            Became::Done => Annotations::new(),
        }
    }
}

/// A result of one type.
pub(crate) fn value<T: DeserializeOwned + Send + 'static, E: RemoteError>(
    proxy: &AnyProxy,
    outcome: Outcome,
) -> Result<T, CallError<E>> {
    typed(plain(proxy, outcome))
}

/// A result that nobody looks at.
pub(super) fn ignored(proxy: &AnyProxy, outcome: Outcome) -> Result<(), CallError> {
    match outcome.0 {
        Became::Replied(reply, bound) => check(reply, &bound, limits(proxy)).map(|_| ()),
        Became::Answered(answer, _) => raised(answer).map(|_| ()),
        Became::Done => Ok(()),
    }
}

/// Items of one type.
pub(crate) fn items<T: DeserializeOwned + Send + 'static, E: RemoteError>(
    proxy: &AnyProxy,
    outcome: Outcome,
) -> Result<Stream<T>, CallError<E>> {
    typed(stream(proxy, outcome))
}

/// A value or a stream.
pub(super) fn either(proxy: &AnyProxy, outcome: Outcome) -> Result<Answer, CallError> {
    if is_stream(&outcome) {
        stream(proxy, outcome).map(Answer::Stream)
    } else {
        plain(proxy, outcome).map(Answer::Value)
    }
}

fn is_stream(outcome: &Outcome) -> bool {
    match &outcome.0 {
        Became::Replied(reply, _) => matches!(reply.kind, ReplyKind::Stream { id: Some(_) }),
        Became::Answered(LocalAnswer::Items(_), _) => true,
        Became::Answered(..) | Became::Done => false,
    }
}

/// Gives an exception the type of the method's own error, where it is one.
fn typed<T, E: RemoteError>(result: Result<T, CallError>) -> Result<T, CallError<E>> {
    result.map_err(|error| match error.exception().and_then(E::from_exception) {
        Some(own) => CallError::Remote(own),
        None => error.widen(),
    })
}

fn limits(proxy: &AnyProxy) -> &Limits {
    &proxy.client().settings().protocol.value_limits
}

fn plain<T: DeserializeOwned + Send + 'static>(proxy: &AnyProxy, outcome: Outcome) -> Result<T, CallError> {
    match outcome.0 {
        Became::Replied(reply, bound) => {
            if let ReplyKind::Stream { id: Some(id) } = &reply.kind {
                // Nobody will read it: the stream closes at the daemon when this is dropped.
                drop(RemoteItems::<Value>::new(proxy, &bound, id.clone()));
            }
            let reply = check(reply, &bound, limits(proxy))?;
            let read = || reply.codec.decode_whole(&reply.payload, limits(proxy));
            Ok(scope::reading(proxy.client(), read)?)
        }
        Became::Answered(answer, _) => match raised(answer)? {
            LocalAnswer::Typed(result) => taken(result),
            LocalAnswer::Value(value) => from_value(proxy, value),
            _ => Err(is_a_stream()),
        },
        // What a Python caller of a oneway method gets: None.
        Became::Done => from_value(proxy, Value::None),
    }
}

fn stream<T: DeserializeOwned + Send + 'static>(
    proxy: &AnyProxy,
    outcome: Outcome,
) -> Result<Stream<T>, CallError> {
    match outcome.0 {
        Became::Replied(Reply { kind: ReplyKind::Stream { id: Some(id) }, .. }, bound) => {
            Ok(Stream::remote(RemoteItems::new(proxy, &bound, id)))
        }
        Became::Answered(answer, annotations) => match raised(answer)? {
            LocalAnswer::Typed(items) => taken(items),
            LocalAnswer::Items(items) => Ok(Stream::converted(items)),
            other => Err(no_stream(proxy, Outcome(Became::Answered(other, annotations)))),
        },
        other => Err(no_stream(proxy, Outcome(other))),
    }
}

/// What a caller gets that expected a stream.
fn no_stream(proxy: &AnyProxy, outcome: Outcome) -> CallError {
    match plain::<Value>(proxy, outcome) {
        Ok(value) => CallError::Unsupported(format!(
            "the result is no stream of items but of type {}: make the call without .stream(), or declare another \
             type for its result",
            value.type_name()
        )),
        Err(error) => error,
    }
}

fn from_value<T: DeserializeOwned + Send + 'static>(proxy: &AnyProxy, value: Value) -> Result<T, CallError> {
    Ok(scope::reading(proxy.client(), || serde_bridge::whole_from_value(value))?)
}

/// A result that is of the caller's type, as the one who gave it made sure.
fn taken<T: 'static>(result: Box<dyn Any + Send>) -> Result<T, CallError> {
    let wrong = |_| CallError::Misuse("a local object gave a result of another type".to_owned());
    result.downcast().map(|result| *result).map_err(wrong)
}

/// The answer of an object of this process, if it is a result.
fn raised(answer: LocalAnswer) -> Result<LocalAnswer, CallError> {
    match answer {
        LocalAnswer::Raised(exception) | LocalAnswer::Broken(exception) => Err(exception.into()),
        answer => Ok(answer),
    }
}

fn is_a_stream() -> CallError {
    CallError::Unsupported(
        "the result is a stream of items: use .stream() on the call, or declare Stream<T> as its result, and \
         take the items one by one"
            .to_owned(),
    )
}

/// The reply, if it is a result.
///
/// # Errors
/// The exception that it holds, or that it is no ordinary result.
pub(super) fn check(reply: Reply, bound: &Bound, limits: &Limits) -> Result<Reply, CallError> {
    match &reply.kind {
        ReplyKind::Result | ReplyKind::Batch => Ok(reply),
        ReplyKind::Exception => Err(raised_there(&reply, bound, limits)),
        ReplyKind::Stream { id: Some(_) } => Err(is_a_stream()),
        ReplyKind::Stream { id: None } => Err(CallError::Unsupported(
            "result of call is an iterator, but the server is not configured to allow streaming".to_owned(),
        )),
    }
}

/// The exception, after which the daemon may close: the next call opens another connection then, and does not try
/// its luck with this one.
fn raised_there(reply: &Reply, bound: &Bound, limits: &Limits) -> CallError {
    let error = exception(reply, bound.link.peer(), limits);
    if error.exception().is_some_and(|exception| After::exception(exception) != After::GoOn) {
        bound.link.retire();
    }
    error
}

fn exception(reply: &Reply, peer: &str, limits: &Limits) -> CallError {
    match reply.codec.decode_value(&reply.payload, limits) {
        Ok(Value::Exception(exception)) => CallError::Exception(exception),
        Ok(Value::Object(object)) => CallError::Exception(Box::new(unmarked(*object))),
        Ok(other) => CallError::Protocol {
            peer: peer.to_owned(),
            reason: format!("an exception was announced and a {} came", other.type_name()),
        },
        Err(error) => CallError::Decode(error),
    }
}

/// An object that was raised, and travelled without the mark of an exception: what a program's own converter
/// made of it. Most write the arguments by the name that they have in Python.
fn unmarked(Instance { class, mut members }: Instance) -> Exception {
    let args = match members.get("args") {
        Some(Value::List(_) | Value::Tuple(_)) => {
            members.remove("args").and_then(|args| args.into_items().ok())
        }
        _ => None,
    };
    Exception::from_parts(class, args.unwrap_or_default(), members)
}

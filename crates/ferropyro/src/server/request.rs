//! [`Request`]: one call as an object sees it, and the way to answer it.
//!
//! A request owns everything that it needs: the encoded arguments, the buffer that the answer is written
//! into, the context. It can be answered on any thread.

use std::fmt;

use ferropyro_proto::{Annotations, Blob, Callee, SendError};
use ferropyro_value::call::Call;
use ferropyro_value::{Codec, DecodeError, EncodeError, Exception, Flavor, Value, serde_bridge};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::reply::{After, Outcome};
use super::{Daemon, ItemSource, Reply, traceback};
use crate::{Arguments, CallContext};

/// What a request asks of the object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestKind {
    /// A call of a method.
    Method,
    /// The value of an attribute.
    GetAttribute,
    /// Another value for an attribute; the only argument.
    SetAttribute,
}

/// One call, to be answered by one of the methods that consume it.
#[must_use = "a request that is dropped is answered with an exception"]
pub struct Request {
    context: CallContext,
    kind: RequestKind,
    index: usize,
    given: Option<Arguments>,
    sink: Sink,
}

/// Where the answer goes.
#[derive(Debug)]
pub(super) enum Sink {
    /// Behind the end of this buffer, as a frame.
    Frame(Vec<u8>),
    /// To code of this process, as a value.
    Local,
    /// Nowhere.
    Nobody,
}

impl Request {
    pub(super) fn new(context: CallContext, kind: RequestKind, index: usize, sink: Sink) -> Self {
        Self { context, kind, index, given: None, sink }
    }

    /// With arguments that are decoded already, for a member other than the one that the frame names.
    pub(super) fn with_arguments(mut self, arguments: Arguments) -> Self {
        self.given = Some(arguments);
        self
    }

    /// What is asked.
    #[must_use]
    pub fn kind(&self) -> RequestKind {
        self.kind
    }

    /// The name of the method or attribute.
    #[must_use]
    pub fn method(&self) -> &str {
        self.given.as_ref().map_or_else(|| self.context.method(), Arguments::method)
    }

    /// The number of the method among the methods, or of the attribute among the attributes, of the object's
    /// [`Interface`](super::Interface).
    #[must_use]
    pub fn index(&self) -> usize {
        self.index
    }

    /// Who calls, and with what beside the arguments.
    #[must_use]
    pub fn context(&self) -> &CallContext {
        &self.context
    }

    /// The daemon that serves the call.
    #[must_use]
    pub fn daemon(&self) -> Daemon {
        Daemon::of(self.context.shared())
    }

    /// The undecoded argument, where the caller passed one to be handed on (wire protocol §3.8).
    #[must_use]
    pub fn blob(&self) -> Option<&Blob> {
        match (&self.given, self.context.callee()) {
            (None, Some(Callee::Blob(blob))) => Some(blob),
            _ => None,
        }
    }

    fn call(&self) -> Result<&Call, Exception> {
        match self.context.callee() {
            Some(Callee::Call(call)) => Ok(call),
            Some(Callee::Blob(_)) => Err(Exception::new(
                "TypeError",
                format!("{}() takes values, and was called with a SerializedBlob", self.method()),
            )),
            None => Err(Exception::new("RuntimeError", "the call was answered already")),
        }
    }

    /// The arguments as values. They can be taken once.
    ///
    /// # Errors
    /// The exception to answer with: the arguments hold something that the codec lets pass and that is no
    /// value, or they are an undecoded blob.
    pub fn arguments(&mut self) -> Result<Arguments, Exception> {
        if let Some(given) = &mut self.given {
            let (positional, keyword) =
                (std::mem::take(&mut given.positional), std::mem::take(&mut given.keyword));
            return Ok(Arguments::new(given.method(), positional, keyword));
        }
        let call = self.call()?;
        let (positional, keyword) = call.arguments().map_err(|error| decode_exception(&error))?;
        Ok(Arguments::new(call.method(), positional, keyword))
    }

    /// The arguments, straight into a type: a tuple with a member for each of these parameters, of which the
    /// last ones, beyond `required`, may be left out and are then `None`. Keywords are bound as Python does.
    ///
    /// ```
    /// # use ferropyro::server::Methods;
    /// let methods = Methods::new("Calculator").request("power", |request, slot| {
    ///     slot.ready(match request.bind::<(f64, Option<f64>)>(&["base", "exponent"], 1) {
    ///         Ok((base, exponent)) => request.ok(&base.powf(exponent.unwrap_or(2.0))),
    ///         Err(exception) => request.fail(exception),
    ///     });
    /// });
    /// # let _ = methods;
    /// ```
    ///
    /// # Errors
    /// The exception to answer with, a `TypeError` in Python's words.
    pub fn bind<T: DeserializeOwned>(&self, names: &[&str], required: usize) -> Result<T, Exception> {
        // Most calls give each argument in its place: these decode without a detour.
        if self.given.is_none()
            && let Ok(call) = self.call()
            && call.keyword::<NoKeywords>().is_ok()
            && let Ok(arguments) = call.positional::<T>()
        {
            return Ok(arguments);
        }
        let arguments = match &self.given {
            Some(given) => given.clone(),
            None => {
                let call = self.call()?;
                let (positional, keyword) = call.arguments().map_err(|error| decode_exception(&error))?;
                Arguments::new(call.method(), positional, keyword)
            }
        };
        let places = arguments.into_places(names, required)?;
        let values = places.into_iter().map(Option::unwrap_or_default).collect();
        serde_bridge::from_value(Value::List(values)).map_err(|error| {
            Exception::new(error.python_class(), format!("{}() {}", self.method(), error.message))
        })
    }

    /// Answers with a result of any serde type, written straight into the reply.
    pub fn ok<T: Serialize + ?Sized>(self, result: &T) -> Reply {
        match self.sink {
            Sink::Frame(_) => self.write(|codec, flavor, out| codec.encode_into(result, flavor, out)),
            Sink::Nobody => Reply::nothing(),
            Sink::Local => match serde_bridge::to_value(result) {
                Ok(value) => Reply::local(Outcome::Value(value)),
                Err(error) => Reply::local(Outcome::Broken(encode_exception(&error))),
            },
        }
    }

    /// Answers with a result that is a value.
    pub fn value(self, result: impl Into<Value>) -> Reply {
        let result = result.into();
        match self.sink {
            Sink::Frame(_) => self.write(|codec, flavor, out| codec.encode_value_into(&result, flavor, out)),
            Sink::Nobody => Reply::nothing(),
            Sink::Local => Reply::local(Outcome::Value(result)),
        }
    }

    fn write(
        self,
        encode: impl FnOnce(Codec, &'static Flavor, &mut Vec<u8>) -> Result<(), EncodeError>,
    ) -> Reply {
        let Self { context, sink, .. } = self;
        let Sink::Frame(mut out) = sink else { return Reply::nothing() };
        let annotations = result_annotations(&context);
        let written =
            context.head().result(&mut out, &annotations, |out, codec, flavor| encode(codec, flavor, out));
        match written {
            Ok(()) => Reply::frame(out, After::GoOn),
            Err(error) => {
                Request { context, kind: RequestKind::Method, index: 0, given: None, sink: Sink::Frame(out) }
                    .fail(send_exception(&error))
            }
        }
    }

    /// Answers with an exception. One without a traceback gets one that says where it was raised.
    ///
    /// As in Pyro, a communication error of Pyro's own (`ConnectionClosedError` and its kin) raised by a
    /// method ends the connection without an answer, and a `SerializeError` or `SecurityError` ends it
    /// after the answer (wire protocol §1.10).
    pub fn fail(self, exception: impl Into<Exception>) -> Reply {
        let exception = traceback::complete(exception.into(), self.context(), self.method());
        match self.sink {
            Sink::Frame(out) => exception_frame(out, &self.context, &exception),
            Sink::Nobody => {
                tracing::debug!(
                    target: "ferropyro::server::call",
                    object = self.context.object(), method = self.context.method(), %exception,
                    "a oneway call failed"
                );
                Reply::nothing()
            }
            Sink::Local => Reply::local(Outcome::Raised(exception)),
        }
    }

    /// Answers with items that the caller fetches one by one (wire protocol §4).
    pub fn stream(self, items: impl Into<ItemSource>) -> Reply {
        match self.sink {
            Sink::Frame(mut out) => {
                let shared = self.context.shared();
                let id = match shared.streams.open(items.into(), self.context.session(), shared) {
                    Ok(id) => id,
                    Err(exception) => {
                        let exception = traceback::complete(exception, &self.context, self.context.method());
                        return exception_frame(out, &self.context, &exception);
                    }
                };
                let annotations = shared.annotations(&self.context);
                match self.context.head().stream(&mut out, &annotations, id.as_deref()) {
                    Ok(()) => Reply::frame(out, After::GoOn),
                    Err(error) => exception_frame(out, &self.context, &send_exception(&error)),
                }
            }
            Sink::Nobody => Reply::nothing(),
            Sink::Local => Reply::local(Outcome::Broken(Exception::new(
                "TypeError",
                "an item stream cannot be the result of a call in a batch",
            ))),
        }
    }
}

/// Answers a call with the results of a batch.
pub(super) fn batch_frame(
    mut out: Vec<u8>,
    context: &CallContext,
    results: Vec<Result<Value, Exception>>,
) -> Reply {
    let annotations = result_annotations(context);
    match context.head().batch(&mut out, &annotations, results) {
        Ok(()) => Reply::frame(out, After::GoOn),
        Err(error) => {
            let exception = traceback::complete(send_exception(&error), context, context.method());
            exception_frame(out, context, &exception)
        }
    }
}

/// Answers a call with an exception, by the rules of wire protocol §1.10.
pub(super) fn exception_frame(out: Vec<u8>, context: &CallContext, exception: &Exception) -> Reply {
    match After::exception(exception) {
        After::Close => Reply::frame(out, After::Close),
        after => told_exception(out, context, exception, after),
    }
}

/// Answers a call with an exception, whatever it is.
pub(super) fn told_exception(
    mut out: Vec<u8>,
    context: &CallContext,
    exception: &Exception,
    after: After,
) -> Reply {
    let annotations = context.shared().annotations(context);
    if let Err(error) = context.head().exception(&mut out, &annotations, exception) {
        let error = send_exception(&error).with_traceback([format!("{exception}\n")]);
        if let Err(error) = context.head().exception(&mut out, &Annotations::new(), &error) {
            tracing::warn!(target: "ferropyro::server::call", %error, "cannot answer a call");
            return Reply::frame(out, After::Close);
        }
    }
    Reply::frame(out, after)
}

fn result_annotations(context: &CallContext) -> Annotations {
    let mut annotations = context.shared().annotations(context);
    let response = context.take_response_annotations();
    if annotations.is_empty() {
        return response;
    }
    for (id, data) in response.iter() {
        annotations.insert(id, data.clone());
    }
    annotations
}

/// Reads keyword arguments of which there are none, and fails for any.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct NoKeywords {}

pub(super) fn decode_exception(error: &DecodeError) -> Exception {
    Exception::new(error.python_class(), error.message.clone())
}

fn encode_exception(error: &EncodeError) -> Exception {
    Exception::new("TypeError", error.to_string())
}

/// What a caller gets whose result cannot be sent. A result that the codec lacks is a `TypeError`, which
/// leaves the connection open: the fault is the method's.
fn send_exception(error: &SendError) -> Exception {
    match error {
        SendError::Encode(error) => encode_exception(error),
        other => Exception::new("ValueError", format!("cannot send the result: {other}")),
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("kind", &self.kind)
            .field("method", &self.method())
            .field("context", &self.context)
            .finish_non_exhaustive()
    }
}

//! [`Request`]: one call as an object sees it, and the way to answer it.
//!
//! A request owns everything that it needs: the encoded arguments, the buffer that the answer is written
//! into, the context. It can be answered on any thread.

use std::any::{Any, TypeId};
use std::borrow::Cow;
use std::fmt;

use ferropyro_proto::{Annotations, Blob, Callee, SendError};
use ferropyro_value::call::{
    BatchEntry, BindError, Call, Data, EncodedArguments, Parameters, Positional, Signature, bind_values,
};
use ferropyro_value::{Codec, DecodeError, Dict, EncodeError, Exception, Flavor, Value, serde_bridge};
use serde::Serialize;

use super::reply::{After, Outcome};
use super::{Daemon, ItemSource, Reply, traceback};
use crate::{Arguments, CallContext, Stream, scope};

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
    given: Given,
    sink: Sink,
}

/// Where the arguments are.
#[derive(Debug)]
pub(crate) enum Given {
    /// In the frame, all of them.
    Encoded,
    /// In the frame, behind the name of the attribute that is meant.
    Attribute { name: String },
    /// In the frame, as a part of a batch.
    Entry(BatchEntry),
    /// Decoded already, for a member other than the one that the frame names.
    Values(Arguments),
    /// As a caller in this process gave them.
    Typed(Typed),
    /// Nowhere: somebody has taken them.
    Taken,
}

/// Arguments of a caller in this process, which never were bytes.
pub(crate) struct Typed {
    /// The method or attribute.
    pub(crate) name: Cow<'static, str>,
    pub(crate) positional: Box<dyn AnyPositional>,
    pub(crate) keyword: Dict,
}

impl fmt::Debug for Typed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Typed").field("name", &self.name).finish_non_exhaustive()
    }
}

/// Positional arguments of any type, to be taken as that type, or as values by those who expect another.
pub(crate) trait AnyPositional: Send {
    /// Puts the arguments into `place` if that is an empty place for just this type.
    fn offer(&mut self, place: &mut dyn Any);

    fn into_values(self: Box<Self>) -> Result<Vec<Value>, EncodeError>;
}

impl<P: Positional> AnyPositional for Option<P> {
    fn offer(&mut self, place: &mut dyn Any) {
        if let Some(place) = place.downcast_mut::<Self>() {
            *place = self.take();
        }
    }

    fn into_values(self: Box<Self>) -> Result<Vec<Value>, EncodeError> {
        self.map_or(Ok(Vec::new()), Positional::into_values)
    }
}

/// Where the answer goes.
#[derive(Debug)]
pub(crate) enum Sink {
    /// Behind the end of this buffer, as a frame.
    Frame(Vec<u8>),
    /// To a batch, as a value.
    Batch,
    /// To a caller in this process that expects a result of this type.
    Local(TypeId),
    /// Nowhere.
    Nobody,
}

impl Given {
    /// The name of the member that is meant, where it is not the one that the frame names.
    pub(super) fn name(&self) -> Option<&str> {
        match self {
            Self::Encoded | Self::Taken => None,
            Self::Attribute { name } => Some(name),
            Self::Entry(entry) => Some(&entry.method),
            Self::Values(arguments) => Some(arguments.method()),
            Self::Typed(typed) => Some(&typed.name),
        }
    }
}

impl Request {
    pub(crate) fn new(
        context: CallContext,
        kind: RequestKind,
        index: usize,
        given: Given,
        sink: Sink,
    ) -> Self {
        Self { context, kind, index, given, sink }
    }

    /// What is asked.
    #[must_use]
    pub fn kind(&self) -> RequestKind {
        self.kind
    }

    /// The name of the method or attribute.
    #[must_use]
    pub fn method(&self) -> &str {
        self.given.name().unwrap_or_else(|| self.context.method())
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

    /// The daemon that serves the call; `None` where code of this process calls an object that no daemon serves.
    #[must_use]
    pub fn daemon(&self) -> Option<Daemon> {
        self.context.daemon()
    }

    /// The undecoded argument, where the caller passed one to be handed on (wire protocol §3.8).
    #[must_use]
    pub fn blob(&self) -> Option<&Blob> {
        match (&self.given, self.context.callee()) {
            (Given::Encoded, Some(Callee::Blob(blob))) => Some(blob),
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
        match std::mem::replace(&mut self.given, Given::Taken) {
            Given::Encoded => {
                let call = self.call()?;
                let (positional, keyword) = values(call.arguments())?;
                Ok(Arguments::new(call.method(), positional, keyword))
            }
            Given::Attribute { name } => {
                let (mut positional, keyword) = values(self.call()?.arguments())?;
                // The attribute's name.
                positional.drain(..positional.len().min(1));
                Ok(Arguments::new(name, positional, keyword))
            }
            Given::Entry(entry) => {
                let (positional, keyword) = values(&entry.arguments)?;
                Ok(Arguments::new(entry.method, positional, keyword))
            }
            Given::Values(arguments) => Ok(arguments),
            Given::Typed(Typed { name, positional, keyword }) => {
                let positional = positional.into_values().map_err(|error| encode_exception(&error))?;
                Ok(Arguments::new(name, positional, keyword))
            }
            Given::Taken => Err(Exception::new("RuntimeError", "the arguments have been taken already")),
        }
    }

    /// The arguments, straight into types: a tuple of the required parameters, and a place for each optional
    /// one. Keywords are bound as Python does. They can be taken once.
    ///
    /// ```
    /// # use ferropyro::server::{Methods, Signature};
    /// const POWER: Signature<'_> = Signature::new("power", &["base"], &["exponent"]);
    /// let methods = Methods::new("Calculator").request("power", |mut request, slot| {
    ///     slot.ready(match request.bind::<(f64,), (f64,)>(&POWER) {
    ///         Ok(((base,), (exponent,))) => request.ok(&base.powf(exponent.unwrap_or(2.0))),
    ///         Err(exception) => request.fail(exception),
    ///     });
    /// });
    /// # let _ = methods;
    /// ```
    ///
    /// # Errors
    /// The exception to answer with, a `TypeError` in Python's words.
    pub fn bind<R: Parameters, O: Parameters>(
        &mut self,
        signature: &Signature<'_>,
    ) -> Result<(R, O::Places), Exception> {
        // An attribute has no parentheses, and no arguments but its value.
        let setting = self.kind == RequestKind::SetAttribute;
        let misfit = |error: BindError| match error {
            BindError::Wrong(name, error) if setting => {
                Exception::new(error.python_class(), format!("attribute '{name}': {}", error.message))
            }
            error => signature.exception(&error),
        };
        let bound = match std::mem::replace(&mut self.given, Given::Taken) {
            Given::Encoded => self.call()?.arguments().bind::<R, O>(signature, 0),
            Given::Attribute { .. } => self.call()?.arguments().bind::<R, O>(signature, 1),
            Given::Entry(entry) => entry.arguments.bind::<R, O>(signature, 0),
            Given::Values(arguments) => {
                bind_values::<R, O>(signature, arguments.positional, arguments.keyword)
            }
            Given::Typed(typed) => bind_typed::<R, O>(typed, signature)?,
            Given::Taken => {
                return Err(Exception::new("RuntimeError", "the arguments have been taken already"));
            }
        };
        bound.map_err(misfit)
    }

    /// Answers with a result of any serde type, written straight into the reply.
    pub fn ok<T: Serialize + ?Sized>(self, result: &T) -> Reply {
        match self.sink {
            Sink::Frame(_) => self.write(|codec, flavor, out| codec.encode_into(result, flavor, out)),
            Sink::Nobody => Reply::nothing(),
            Sink::Batch | Sink::Local(_) => Reply::value(serde_bridge::to_value(result)),
        }
    }

    /// Answers with a result that is given away: as it is, where a caller in this process expects this type,
    /// else as [`ok`](Self::ok) does. A `Vec<u8>` is bytes here.
    pub fn give<T: Data>(self, result: T) -> Reply {
        match self.sink {
            Sink::Frame(_) => self.write(|codec, flavor, out| codec.encode_whole_into(&result, flavor, out)),
            Sink::Nobody => Reply::nothing(),
            Sink::Local(expected) if expected == TypeId::of::<T>() => {
                Reply::local(Outcome::Typed(Box::new(result)))
            }
            Sink::Batch | Sink::Local(_) => Reply::value(serde_bridge::whole_to_value(&result)),
        }
    }

    /// Answers with a result that is a value.
    pub fn value(self, result: impl Into<Value>) -> Reply {
        self.give(result.into())
    }

    fn write(
        self,
        encode: impl FnOnce(Codec, &'static Flavor, &mut Vec<u8>) -> Result<(), EncodeError>,
    ) -> Reply {
        let Self { context, sink, .. } = self;
        let (Sink::Frame(mut out), Some(head)) = (sink, context.head()) else { return Reply::nothing() };
        let annotations = result_annotations(&context);
        let written = head.result(&mut out, &annotations, |out, codec, flavor| {
            scope::sending(|| encode(codec, flavor, out))
        });
        match written {
            Ok(()) => Reply::frame(out, After::GoOn),
            Err(error) => Request::new(context, RequestKind::Method, 0, Given::Taken, Sink::Frame(out))
                .fail(send_exception(&error)),
        }
    }

    /// Answers with an exception. One without a traceback gets one that says where it was raised.
    ///
    /// As in Pyro, a communication error of Pyro's own (`ConnectionClosedError` and its kin) raised by a
    /// method ends the connection without an answer, and a `SerializeError` or `SecurityError` ends it
    /// after the answer (wire protocol §1.10).
    pub fn fail(self, exception: impl Into<Exception>) -> Reply {
        let exception = traceback::complete(exception.into(), self.context(), self.method());
        // A caller in this process has the exception itself.
        if !matches!(self.sink, Sink::Local(_)) {
            tracing::debug!(
                target: "ferropyro::server::call",
                object = self.context.object(), method = self.method(), peer = self.context.peer(), %exception,
                traceback = exception.traceback(), "a call failed"
            );
        }
        match self.sink {
            Sink::Frame(out) => exception_frame(out, &self.context, &exception),
            Sink::Nobody => Reply::nothing(),
            Sink::Batch | Sink::Local(_) => Reply::local(Outcome::Raised(exception)),
        }
    }

    /// Answers with items that the caller fetches one by one (wire protocol §4).
    pub fn stream(self, items: impl Into<ItemSource>) -> Reply {
        let Self { context, sink, .. } = self;
        match sink {
            Sink::Frame(out) => stream_frame(out, &context, items.into()),
            Sink::Nobody => Reply::nothing(),
            Sink::Local(_) => Reply::local(Outcome::Items(items.into())),
            Sink::Batch => Reply::local(Outcome::Broken(Exception::new(
                "TypeError",
                "an item stream cannot be the result of a call in a batch",
            ))),
        }
    }

    /// Answers with a typed stream: as it is, where a caller in this process expects it, else as
    /// [`stream`](Self::stream) does.
    pub fn items<T: Data>(self, items: Stream<T>) -> Reply {
        match self.sink {
            Sink::Local(expected) if expected == TypeId::of::<Stream<T>>() => {
                Reply::local(Outcome::Typed(Box::new(items)))
            }
            _ => self.stream(items),
        }
    }
}

fn values(arguments: &EncodedArguments) -> Result<(Vec<Value>, Dict), Exception> {
    arguments.values().map_err(|error| decode_exception(&error))
}

/// The arguments of a caller in this process: as they are where they have the types of the parameters.
///
/// # Errors
/// One of them has no form as a value; inside, they do not fit.
fn bind_typed<R: Parameters, O: Parameters>(
    typed: Typed,
    signature: &Signature<'_>,
) -> Result<Result<(R, O::Places), BindError>, Exception> {
    let Typed { mut positional, keyword, .. } = typed;
    let mut place: Option<R> = None;
    positional.offer(&mut place);
    Ok(match place {
        Some(required) => {
            if let Some(twice) = signature.required.iter().find(|name| keyword.get(name).is_some()) {
                return Ok(Err(BindError::Twice((*twice).to_owned())));
            }
            // Only the optional parameters are left for the keywords.
            let optional = Signature { required: &[], ..*signature };
            bind_values::<(), O>(&optional, Vec::new(), keyword).map(|((), places)| (required, places))
        }
        None => {
            let positional = positional.into_values().map_err(|error| encode_exception(&error))?;
            bind_values::<R, O>(signature, positional, keyword)
        }
    })
}

/// Answers a call with the start of an item stream.
fn stream_frame(mut out: Vec<u8>, context: &CallContext, items: ItemSource) -> Reply {
    let (Some(head), Some(daemon)) = (context.head(), context.shared()) else { return Reply::nothing() };
    let id = match daemon.streams.open(items, context.session(), daemon) {
        Ok(id) => id,
        Err(exception) => {
            let exception = traceback::complete(exception, context, context.method());
            return exception_frame(out, context, &exception);
        }
    };
    let annotations = daemon.annotations(context);
    match head.stream(&mut out, &annotations, id.as_deref()) {
        Ok(()) => Reply::frame(out, After::GoOn),
        Err(error) => exception_frame(out, context, &send_exception(&error)),
    }
}

/// Answers a call with the results of a batch.
pub(super) fn batch_frame(
    mut out: Vec<u8>,
    context: &CallContext,
    results: Vec<Result<Value, Exception>>,
) -> Reply {
    let Some(head) = context.head() else { return Reply::nothing() };
    let annotations = result_annotations(context);
    match head.batch(&mut out, &annotations, results) {
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
    let Some(head) = context.head() else { return Reply::nothing() };
    let annotations = own_annotations(context);
    if let Err(error) = head.exception(&mut out, &annotations, exception) {
        let error = send_exception(&error).with_traceback([format!("{exception}\n")]);
        if let Err(error) = head.exception(&mut out, &Annotations::new(), &error) {
            tracing::warn!(target: "ferropyro::server::call", %error, "cannot answer a call");
            return Reply::frame(out, After::Close);
        }
    }
    Reply::frame(out, after)
}

/// The daemon's own annotations.
fn own_annotations(context: &CallContext) -> Annotations {
    context.shared().map_or_else(Annotations::new, |daemon| daemon.annotations(context))
}

fn result_annotations(context: &CallContext) -> Annotations {
    let mut annotations = own_annotations(context);
    let response = context.take_response_annotations();
    if annotations.is_empty() {
        return response;
    }
    for (id, data) in response.iter() {
        annotations.insert(id, data.clone());
    }
    annotations
}

pub(super) fn decode_exception(error: &DecodeError) -> Exception {
    Exception::new(error.python_class(), error.message.clone())
}

pub(super) fn encode_exception(error: &EncodeError) -> Exception {
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

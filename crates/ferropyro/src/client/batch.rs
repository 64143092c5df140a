//! [`Batch`]: many calls of one object in one message (wire protocol §3.7).

use std::borrow::Cow;
use std::convert::Infallible;
use std::fmt;
use std::future::IntoFuture;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use ferropyro_proto::Reply;
use ferropyro_value::call::{self, BatchFault, Positional, ReadBatch, WriteBatch};
use ferropyro_value::codec::{Decoder, Encoder};
use ferropyro_value::{DecodeError, DecodeErrorKind, EncodeError};
use serde::de::DeserializeOwned;

use super::exchange::{Ask, Became, Callee, Exchange, Outcome, Payload, Request};
use super::members::Member;
use super::session::Session;
use super::target::Target;
use super::{AnyProxy, Call, answer};
use crate::{CallError, Operation, RemoteError, scope};

/// Calls that travel together and run one after the other, up to the first that fails.
///
/// ```no_run
/// # use ferropyro::{AnyProxy, args};
/// # async fn example(greeter: AnyProxy) -> ferropyro::Result<()> {
/// let sum = greeter.call("add", args![1, 2]).cast::<i64>();
/// let (sum, text) = greeter.batch((sum, greeter.call("hello", args!["world"]))).await?;
/// println!("{} {:?}", sum?, text?);
/// # Ok(()) }
/// ```
#[must_use = "a batch does nothing until it is awaited, or waited for with .wait()"]
pub struct Batch<B> {
    proxy: AnyProxy,
    calls: B,
    timeout: Option<Duration>,
}

/// What can be a batch: a tuple of up to twelve calls, or a `Vec` of calls of one type. They must all be of the
/// proxy that sends them.
///
/// Implemented here and nowhere else.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be sent as a batch",
    label = "not a tuple or a `Vec` of calls",
    note = "a batch is a tuple of up to twelve calls, `batch((a.one(), a.two()))`, or a `Vec` of calls of one type"
)]
pub trait BatchCalls: Send + 'static {
    /// A result for each call: a tuple, or a `Vec`.
    type Results: Send + 'static;
    #[doc(hidden)]
    type Places: Default + Send + 'static;

    #[doc(hidden)]
    fn heads(&self) -> Vec<Head<'_>>;
    #[doc(hidden)]
    fn write<En: Encoder>(&self, encoder: &mut En) -> Result<(), EncodeError>;
    /// Whether the call raised.
    #[doc(hidden)]
    fn read<'de, De: Decoder<'de>>(
        places: &mut Self::Places,
        index: usize,
        decoder: &mut De,
    ) -> Result<bool, DecodeError>;
    #[doc(hidden)]
    fn finish(places: Self::Places, count: usize, stopped: &Stopped) -> Self::Results;
    #[doc(hidden)]
    fn run(self) -> impl Future<Output = Self::Results> + Send;
}

/// What a batch must know of each of its calls.
#[derive(Debug)]
pub struct Head<'a> {
    proxy: &'a AnyProxy,
    name: &'a Cow<'static, str>,
    /// It is a call of a method, with nothing that a batch has no place for.
    ordinary: bool,
}

/// Which call stopped a batch, counted from 1, if any did.
#[derive(Clone, Debug, Default)]
pub struct Stopped {
    after: usize,
    name: String,
}

type Place<T, E> = Option<Result<T, CallError<E>>>;

impl Stopped {
    fn skipped<E>(&self) -> CallError<E> {
        CallError::Skipped { after: self.after, name: self.name.clone() }
    }
}

impl<T: DeserializeOwned + Send + 'static, E: RemoteError, A: Positional> Call<T, E, A> {
    fn head(&self) -> Head<'_> {
        let Request { ask, name, blob, .. } = &self.request;
        Head { proxy: &self.proxy, name, ordinary: *ask == Ask::Method && blob.is_none() }
    }

    fn write_entry<En: Encoder>(&self, encoder: &mut En) -> Result<(), EncodeError> {
        let arguments = &self.request.payload;
        let keyword = Some(&arguments.keyword);
        let typed = call::Typed { attribute: None, positional: &arguments.positional, keyword };
        call::write_entry(&self.request.name, &typed, encoder)
    }

    fn read_place<'de, De: Decoder<'de>>(
        place: &mut Place<T, E>,
        decoder: &mut De,
    ) -> Result<bool, DecodeError> {
        let result = call::read_result::<T, De>(decoder)?;
        let raised = matches!(result, Err(BatchFault::Raised(_)));
        *place = Some(result.map_err(|fault| match fault {
            BatchFault::Raised(exception) => match E::from_exception(&exception) {
                Some(own) => CallError::Remote(own),
                None => CallError::Exception(exception),
            },
            BatchFault::Wrong(error) => CallError::Decode(error),
        }));
        Ok(raised)
    }

    /// Makes the call by itself, unless one before it failed. The time is the batch's.
    async fn step(mut self, number: usize, stopped: &mut Option<Stopped>) -> Result<T, CallError<E>> {
        if let Some(stopped) = stopped {
            return Err(stopped.skipped());
        }
        let name = self.request.name.to_string();
        self.request.timeout = None;
        let result = self.await;
        if result.is_err() {
            *stopped = Some(Stopped { after: number, name });
        }
        result
    }
}

macro_rules! tuples {
    ($(($(($t:ident $e:ident $a:ident $index:tt)),+))*) => {$(
        impl<$($t: DeserializeOwned + Send + 'static, $e: RemoteError, $a: Positional),+> BatchCalls for ($(Call<$t, $e, $a>,)+) {
            type Results = ($(Result<$t, CallError<$e>>,)+);
            type Places = ($(Place<$t, $e>,)+);

            fn heads(&self) -> Vec<Head<'_>> {
                vec![$(self.$index.head()),+]
            }

            fn write<En: Encoder>(&self, encoder: &mut En) -> Result<(), EncodeError> {
                $(self.$index.write_entry(encoder)?;)+
                Ok(())
            }

            fn read<'de, De: Decoder<'de>>(
                places: &mut Self::Places,
                index: usize,
                decoder: &mut De,
            ) -> Result<bool, DecodeError> {
                match index {
                    $($index => Call::<$t, $e, $a>::read_place(&mut places.$index, decoder),)+
                    _ => Err(too_many()),
                }
            }

            fn finish(places: Self::Places, _: usize, stopped: &Stopped) -> Self::Results {
                ($(places.$index.unwrap_or_else(|| Err(stopped.skipped())),)+)
            }

            async fn run(self) -> Self::Results {
                let mut stopped = None;
                ($(self.$index.step($index + 1, &mut stopped).await,)+)
            }
        }
    )*};
}

tuples! {
    ((T0 E0 A0 0))
    ((T0 E0 A0 0), (T1 E1 A1 1))
    ((T0 E0 A0 0), (T1 E1 A1 1), (T2 E2 A2 2))
    ((T0 E0 A0 0), (T1 E1 A1 1), (T2 E2 A2 2), (T3 E3 A3 3))
    ((T0 E0 A0 0), (T1 E1 A1 1), (T2 E2 A2 2), (T3 E3 A3 3), (T4 E4 A4 4))
    ((T0 E0 A0 0), (T1 E1 A1 1), (T2 E2 A2 2), (T3 E3 A3 3), (T4 E4 A4 4), (T5 E5 A5 5))
    ((T0 E0 A0 0), (T1 E1 A1 1), (T2 E2 A2 2), (T3 E3 A3 3), (T4 E4 A4 4), (T5 E5 A5 5), (T6 E6 A6 6))
    ((T0 E0 A0 0), (T1 E1 A1 1), (T2 E2 A2 2), (T3 E3 A3 3), (T4 E4 A4 4), (T5 E5 A5 5), (T6 E6 A6 6),
     (T7 E7 A7 7))
    ((T0 E0 A0 0), (T1 E1 A1 1), (T2 E2 A2 2), (T3 E3 A3 3), (T4 E4 A4 4), (T5 E5 A5 5), (T6 E6 A6 6),
     (T7 E7 A7 7), (T8 E8 A8 8))
    ((T0 E0 A0 0), (T1 E1 A1 1), (T2 E2 A2 2), (T3 E3 A3 3), (T4 E4 A4 4), (T5 E5 A5 5), (T6 E6 A6 6),
     (T7 E7 A7 7), (T8 E8 A8 8), (T9 E9 A9 9))
    ((T0 E0 A0 0), (T1 E1 A1 1), (T2 E2 A2 2), (T3 E3 A3 3), (T4 E4 A4 4), (T5 E5 A5 5), (T6 E6 A6 6),
     (T7 E7 A7 7), (T8 E8 A8 8), (T9 E9 A9 9), (T10 E10 A10 10))
    ((T0 E0 A0 0), (T1 E1 A1 1), (T2 E2 A2 2), (T3 E3 A3 3), (T4 E4 A4 4), (T5 E5 A5 5), (T6 E6 A6 6),
     (T7 E7 A7 7), (T8 E8 A8 8), (T9 E9 A9 9), (T10 E10 A10 10), (T11 E11 A11 11))
}

impl<T: DeserializeOwned + Send + 'static, E: RemoteError, A: Positional> BatchCalls for Vec<Call<T, E, A>> {
    type Results = Vec<Result<T, CallError<E>>>;
    type Places = Vec<Place<T, E>>;

    fn heads(&self) -> Vec<Head<'_>> {
        self.iter().map(Call::head).collect()
    }

    fn write<En: Encoder>(&self, encoder: &mut En) -> Result<(), EncodeError> {
        self.iter().try_for_each(|call| call.write_entry(encoder))
    }

    fn read<'de, De: Decoder<'de>>(
        places: &mut Self::Places,
        _: usize,
        decoder: &mut De,
    ) -> Result<bool, DecodeError> {
        let mut place = None;
        let raised = Call::<T, E, A>::read_place(&mut place, decoder)?;
        places.push(place);
        Ok(raised)
    }

    fn finish(mut places: Self::Places, count: usize, stopped: &Stopped) -> Self::Results {
        places.resize_with(count, || None);
        places.into_iter().map(|place| place.unwrap_or_else(|| Err(stopped.skipped()))).collect()
    }

    async fn run(self) -> Self::Results {
        let mut stopped = None;
        let mut results = Vec::with_capacity(self.len());
        for (index, call) in self.into_iter().enumerate() {
            results.push(call.step(index + 1, &mut stopped).await);
        }
        results
    }
}

fn too_many() -> DecodeError {
    DecodeError::unplaced(DecodeErrorKind::Value, "the answer to a batch has more results than calls")
}

impl<B: BatchCalls> Batch<B> {
    pub(super) fn new(proxy: AnyProxy, calls: B) -> Self {
        let timeout = proxy.timeout();
        Self { proxy, calls, timeout }
    }

    /// How long all of it may take, connecting included. Default: the proxy's timeout.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Sends the calls without waiting for results; done when they are written.
    ///
    /// # Errors
    /// When awaited: as for any [`Oneway`](super::Oneway).
    pub fn oneway(self) -> Operation<()> {
        let runtime = self.proxy.client().runtime().clone();
        Operation::new(&runtime, async move {
            self.check()?;
            match self.proxy.target().clone() {
                Target::Remote(session) => {
                    self.send(session, true).await?;
                }
                Target::Local(_) => {
                    let calls = self.calls;
                    tokio::spawn(async move { drop(calls.run().await) });
                }
            }
            Ok(())
        })
    }

    /// Parks this thread until the results are here.
    ///
    /// # Errors
    /// Those of awaiting it; [`CallError::Misuse`] on a thread of an async runtime.
    pub fn wait(self) -> Result<B::Results, CallError> {
        let runtime = self.proxy.client().runtime().clone();
        runtime.wait(self.into_future())?
    }

    /// A batch is of one object, and of methods.
    fn check(&self) -> Result<(), CallError> {
        for Head { proxy, name, ordinary } in self.calls.heads() {
            if proxy != &self.proxy {
                return Err(CallError::Misuse(format!(
                    "a batch of {} cannot have a call of {}: {name}()",
                    self.proxy.uri(),
                    proxy.uri()
                )));
            }
            if !ordinary {
                return Err(CallError::Misuse(format!(
                    "a batch has calls of methods only, neither attributes nor blobs: '{name}'"
                )));
            }
        }
        Ok(())
    }

    async fn results(self) -> Result<B::Results, CallError> {
        self.check()?;
        match self.proxy.target().clone() {
            Target::Remote(session) => {
                let names: Vec<_> =
                    self.calls.heads().into_iter().map(|head| head.name.to_string()).collect();
                let proxy = self.proxy.clone();
                let outcome = self.send(session, false).await?;
                match outcome.0 {
                    Became::Replied(reply, bound) => {
                        let limits = &proxy.client().settings().protocol.value_limits;
                        let reply = answer::check(reply, &bound, limits)?;
                        read::<B>(&proxy, &reply, &names, bound.link.peer())
                    }
                    Became::Answered(..) | Became::Done => Err(short(proxy.uri().to_string(), &names, 0)),
                }
            }
            Target::Local(_) => {
                let Self { proxy, calls, timeout } = self;
                let mut run = Box::pin(calls.run());
                let Some(after) = timeout else { return Ok(run.await) };
                match tokio::time::timeout(after, &mut run).await {
                    Ok(results) => Ok(results),
                    Err(_) => {
                        // What is begun goes on to its end, as it would elsewhere.
                        tokio::spawn(async move { drop(run.await) });
                        Err(CallError::Timeout { peer: proxy.uri().to_string(), after, behind: None })
                    }
                }
            }
        }
    }

    /// Sends the calls, once the names are checked.
    async fn send(self, session: Arc<Session>, oneway: bool) -> Result<Outcome, CallError> {
        let bound = match session.bound() {
            Some(bound) => bound,
            None => session.connect().await?,
        };
        for Head { name, .. } in self.calls.heads() {
            if !matches!(bound.members.get(name), Some(Member::Method { .. })) {
                let (uri, name) = (self.proxy.uri().to_string(), name.to_string());
                return Err(CallError::NoSuchMember { uri, what: "attribute or method", name });
            }
        }
        let name = Cow::Borrowed(call::BATCH_METHOD);
        let mut request = Request::new(&self.proxy, Ask::Batch, name, Calls(self.calls));
        request.oneway = oneway;
        request.flush = oneway;
        request.timeout = self.timeout;
        Exchange::new(session, request).await
    }
}

impl<B: BatchCalls> IntoFuture for Batch<B> {
    type Output = Result<B::Results, CallError>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        let runtime = self.proxy.client().runtime().clone();
        Box::pin(async move { runtime.inside(self.results()).await })
    }
}

impl<B: BatchCalls> fmt::Debug for Batch<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.calls.heads();
        let names = names.iter().map(|head| head.name);
        f.debug_struct("Batch")
            .field("uri", self.proxy.uri())
            .field("calls", &names.collect::<Vec<_>>())
            .finish()
    }
}

struct Calls<B>(B);

impl<B: BatchCalls> Payload for Calls<B> {
    fn encode(&self, callee: &Callee<'_>, out: &mut Vec<u8>) -> Result<(), EncodeError> {
        call::encode_batch(callee.codec, callee.flavor, callee.object, self, out)
    }
}

impl<B: BatchCalls> WriteBatch for Calls<B> {
    fn len(&self) -> usize {
        self.0.heads().len()
    }

    fn write<E: Encoder>(&self, encoder: &mut E) -> Result<(), EncodeError> {
        self.0.write(encoder)
    }
}

/// The results as they come.
struct Reader<B: BatchCalls> {
    places: B::Places,
    count: usize,
    read: usize,
    /// The last one raised.
    raised: bool,
}

impl<B: BatchCalls> ReadBatch for Reader<B> {
    fn read<'de, D: Decoder<'de>>(&mut self, index: usize, decoder: &mut D) -> Result<(), DecodeError> {
        if index >= self.count {
            return Err(too_many());
        }
        self.raised = B::read(&mut self.places, index, decoder)?;
        self.read = index + 1;
        Ok(())
    }
}

fn read<B: BatchCalls>(
    proxy: &AnyProxy,
    reply: &Reply,
    names: &[String],
    peer: &str,
) -> Result<B::Results, CallError> {
    let limits = &proxy.client().settings().protocol.value_limits;
    let count = names.len();
    let mut reader = Reader::<B> { places: B::Places::default(), count, read: 0, raised: false };
    scope::reading(proxy.client(), || call::read_batch(reply.codec, &reply.payload, limits, &mut reader))?;
    let Reader { places, read, raised, .. } = reader;
    if read < count && !raised {
        return Err(short(peer.to_owned(), names, read));
    }
    let name = read.checked_sub(1).and_then(|last| names.get(last)).cloned().unwrap_or_default();
    Ok(B::finish(places, count, &Stopped { after: read, name }))
}

/// Fewer results than calls, although none of them failed.
fn short(peer: String, names: &[String], read: usize) -> CallError<Infallible> {
    let reason = format!("the answer to a batch of {} calls has {read} results", names.len());
    CallError::Protocol { peer, reason }
}

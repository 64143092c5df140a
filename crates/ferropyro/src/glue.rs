//! What the code that `#[remote]`, `#[derive(RemoteError)]` and `#[python_class]` generate calls, and nothing else
//! should: it changes with them.
//!
//! A method's result is described once, by one of the [`Returns`] types, for both ends: how the object's answer
//! becomes a reply, and how a reply becomes what the caller gets.

pub use std::convert::Infallible;
use std::marker::PhantomData;
use std::sync::Arc;

pub use ferropyro_value::call::{Data, Parameters, Signature};
pub use ferropyro_value::{Codec, Exception, Value};
pub use serde::{self, Deserialize, Deserializer, Serialize, Serializer};

pub use crate::client::Call;
use crate::client::{Ask, Client, Outcome, Plain as Given, Request as Asked, Target, read_items, read_value};
pub use crate::remote_error::{Raise, Raised, RemoteError};
pub use crate::server::{
    AttributeInfo, Daemon, Glue, Instances, Interface, MethodInfo, Proxy, Request, RequestKind, ServedBy,
    Slot,
};
use crate::server::{Reply, Served};
pub use crate::{AnyProxy, Result};
use crate::{CallError, Stream};

/// How the result of a method travels.
pub trait Returns: 'static {
    /// What the method gives.
    type Output: Send + 'static;
    /// What its caller gets.
    type Value: 'static;
    /// The method's own error.
    type Error: RemoteError;

    /// Answers a request with what the method gave.
    fn reply(output: Self::Output, request: Request) -> Reply;

    /// Makes of the answer what the caller gets.
    ///
    /// # Errors
    /// The method failed, or the answer is of another type.
    fn read(proxy: &AnyProxy, outcome: Outcome) -> std::result::Result<Self::Value, CallError<Self::Error>>;
}

/// A method that cannot fail by itself.
#[derive(Debug)]
pub struct Plain<T>(PhantomData<fn() -> T>);

/// A method that can fail with its own error.
#[derive(Debug)]
pub struct Fallible<T, E>(PhantomData<fn() -> (T, E)>);

/// A method that gives items.
#[derive(Debug)]
pub struct Items<T>(PhantomData<fn() -> T>);

/// A method that gives items, or fails with its own error.
#[derive(Debug)]
pub struct FallibleItems<T, E>(PhantomData<fn() -> (T, E)>);

type Answered<T, E> = std::result::Result<T, CallError<E>>;

impl<T: Data> Returns for Plain<T> {
    type Output = T;
    type Value = T;
    type Error = Infallible;

    fn reply(output: T, request: Request) -> Reply {
        request.give(output)
    }

    fn read(proxy: &AnyProxy, outcome: Outcome) -> Answered<T, Infallible> {
        read_value(proxy, outcome)
    }
}

impl<T: Data, E: RemoteError> Returns for Fallible<T, E> {
    type Output = std::result::Result<T, E>;
    type Value = T;
    type Error = E;

    fn reply(output: Self::Output, request: Request) -> Reply {
        match output {
            Ok(result) => request.give(result),
            Err(error) => request.fail(error),
        }
    }

    fn read(proxy: &AnyProxy, outcome: Outcome) -> Answered<T, E> {
        read_value(proxy, outcome)
    }
}

impl<T: Data> Returns for Items<T> {
    type Output = Stream<T>;
    type Value = Stream<T>;
    type Error = Infallible;

    fn reply(output: Stream<T>, request: Request) -> Reply {
        request.items(output)
    }

    fn read(proxy: &AnyProxy, outcome: Outcome) -> Answered<Stream<T>, Infallible> {
        read_items(proxy, outcome)
    }
}

impl<T: Data, E: RemoteError> Returns for FallibleItems<T, E> {
    type Output = std::result::Result<Stream<T>, E>;
    type Value = Stream<T>;
    type Error = E;

    fn reply(output: Self::Output, request: Request) -> Reply {
        match output {
            Ok(items) => request.items(items),
            Err(error) => request.fail(error),
        }
    }

    fn read(proxy: &AnyProxy, outcome: Outcome) -> Answered<Stream<T>, E> {
        read_items(proxy, outcome)
    }
}

/// A call of a method.
pub fn method<R: Returns, A: Parameters>(
    proxy: &AnyProxy,
    name: &'static str,
    arguments: A,
) -> Call<R::Value, R::Error, A> {
    Call::new(proxy, Asked::new(proxy, Ask::Method, name, Given::positional(arguments)), R::read)
}

/// A call of a oneway method.
pub fn oneway<A: Parameters>(proxy: &AnyProxy, name: &'static str, arguments: A) -> Call<(), Infallible, A> {
    method::<Plain<()>, A>(proxy, name, arguments).without_answer()
}

/// A read of an attribute.
pub fn get<R: Returns>(proxy: &AnyProxy, name: &'static str) -> Call<R::Value, R::Error, ()> {
    proxy.access(Ask::Get, name, (), R::read)
}

/// A write of an attribute.
pub fn set<R: Returns, A: Parameters>(
    proxy: &AnyProxy,
    name: &'static str,
    value: A,
) -> Call<R::Value, R::Error, A> {
    proxy.access(Ask::Set, name, value, R::read)
}

/// A proxy for an object of this program that no daemon serves.
pub fn local<P: ServedBy<O>, O>(object: O) -> P {
    let object = Served::<P, P::Object>::new(object);
    AnyProxy::of_target(Target::local(&Client::new(), Arc::new(object))).into()
}

/// Answers a request with what an async method gives: `R` is the result, `P` and `O` are the required and the
/// optional parameters.
pub fn run<R, P, O, F, Fut>(
    mut request: Request,
    slot: &mut Slot,
    signature: &'static Signature<'static>,
    method: F,
) where
    R: Returns,
    P: Parameters,
    O: Parameters,
    F: FnOnce(P, O::Places) -> Fut,
    Fut: Future<Output = R::Output> + Send + 'static,
{
    match request.bind::<P, O>(signature) {
        Ok((required, optional)) => {
            let running = method(required, optional);
            slot.run(async move { R::reply(running.await, request) });
        }
        Err(exception) => slot.ready(request.fail(exception)),
    }
}

/// As [`run`], for a method that may block: it runs on a thread for that.
pub fn block<R, P, O, F>(
    mut request: Request,
    slot: &mut Slot,
    signature: &'static Signature<'static>,
    method: F,
) where
    R: Returns,
    P: Parameters,
    O: Parameters,
    F: FnOnce(P, O::Places) -> R::Output + Send + 'static,
{
    match request.bind::<P, O>(signature) {
        Ok((required, optional)) => slot.block(move || R::reply(method(required, optional), request)),
        Err(exception) => slot.ready(request.fail(exception)),
    }
}

/// Answers a request for a member that is not there. The daemon checks names first, so that none comes.
pub fn unknown(request: Request, slot: &mut Slot) {
    let text = format!("no member '{}'", request.method());
    slot.ready(request.fail(Exception::new("AttributeError", text)));
}

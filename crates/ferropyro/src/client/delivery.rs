//! [`Delivery`]: one request on its way, wherever its object is.

use std::any::TypeId;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use ferropyro_value::call::Positional;

use super::exchange::{Exchange, Outcome, Plain, Request};
use super::local::LocalCall;
use super::target::Target;
use crate::CallError;

/// A request on its way.
pub(super) enum Delivery<A> {
    /// Over a connection.
    Remote(Exchange<Plain<A>>),
    /// To an object of this process.
    Local(LocalCall<A>),
}

impl<A: Positional> Delivery<A> {
    /// Nothing happens until it is polled. `expects` is the type of the result, which an object of this process
    /// can give as it is.
    pub(super) fn new(target: &Target, request: Request<Plain<A>>, expects: TypeId) -> Self {
        match target {
            Target::Remote(session) => Self::Remote(Exchange::new(Arc::clone(session), request)),
            Target::Local(session) => Self::Local(LocalCall::new(Arc::clone(session), request, expects)),
        }
    }
}

// Nothing in it is pinned: exchanges and slots are used by reference, what they poll is boxed.
impl<A> Unpin for Delivery<A> {}

impl<A: Positional> Future for Delivery<A> {
    type Output = Result<Outcome, CallError>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match self.get_mut() {
            Self::Remote(exchange) => exchange.poll_outcome(cx),
            Self::Local(call) => call.poll(cx),
        }
    }
}

impl<A> fmt::Debug for Delivery<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Remote(_) => "Delivery::Remote",
            Self::Local(_) => "Delivery::Local",
        })
    }
}

//! Typed objects: the traits between a user's type, its proxy type, and the [`Object`] that a daemon serves.
//!
//! `#[remote]` implements them. Nothing here knows how arguments or results look on the wire.

use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use ferropyro_value::Codec;

use super::{Instances, Interface, Object, Request, Slot};
use crate::AnyProxy;

/// A proxy with declared methods; implemented by `#[remote]`.
///
/// It dereferences to the [`AnyProxy`] that it is made from, and costs nothing on top of it. The methods below are
/// for code that is generic over proxies: each proxy type has them itself.
pub trait Proxy:
    Clone + From<AnyProxy> + Into<AnyProxy> + Deref<Target = AnyProxy> + Send + Sync + 'static
{
    /// What callers may use of the objects that it stands for.
    fn interface() -> &'static Interface;

    /// A proxy for the same object with a session of its own. See [`AnyProxy::fork`].
    #[must_use]
    fn fork(&self) -> Self {
        (**self).fork().into()
    }

    /// The same proxy with a time limit for its calls.
    #[must_use]
    fn with_timeout(&self, timeout: Duration) -> Self {
        (**self).with_timeout(timeout).into()
    }

    /// The same proxy with a serializer for its calls.
    #[must_use]
    fn with_codec(&self, codec: Codec) -> Self {
        (**self).with_codec(codec).into()
    }
}

/// How the calls of a proxy type reach an object of type `T`; implemented by `#[remote]`.
#[doc(hidden)]
pub trait Glue<T>: Proxy {
    /// Calls the method that the request names.
    fn dispatch(object: Arc<T>, request: Request, slot: &mut Slot);
}

/// What can be served so that this proxy type reaches it: an object that implements its trait, an `Arc` of one that
/// the program keeps too, or [`Instances`] of one. Implemented by `#[remote]`.
#[diagnostic::on_unimplemented(
    message = "`{O}` cannot be served as the object of a `{Self}`",
    label = "does not implement the `#[remote]` trait of `{Self}`",
    note = "implement the trait for the type, or wrap it: `Instances::per_session(|| …)`"
)]
pub trait ServedBy<O>: Glue<Self::Object> {
    /// The object's own type.
    type Object: Send + Sync + 'static;

    /// The instances that calls go to.
    fn instances(object: O) -> Instances<Self::Object>;
}

/// A typed object as a daemon serves it.
pub(crate) struct Served<P, T> {
    instances: Instances<T>,
    _proxy: PhantomData<fn() -> P>,
}

impl<P, T> Served<P, T> {
    pub(crate) fn new<O>(object: O) -> Self
    where
        P: ServedBy<O, Object = T>,
    {
        Self { instances: P::instances(object), _proxy: PhantomData }
    }
}

impl<P: Glue<T>, T: Send + Sync + 'static> Object for Served<P, T> {
    fn interface(&self) -> &Interface {
        P::interface()
    }

    fn dispatch(self: Arc<Self>, request: Request, slot: &mut Slot) {
        match self.instances.get(request.context().instances()) {
            Ok(object) => P::dispatch(object, request, slot),
            Err(exception) => slot.ready(request.fail(exception)),
        }
    }

    fn is_gone(&self) -> bool {
        self.instances.are_gone()
    }
}

impl<P: Proxy, T> fmt::Debug for Served<P, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Served")
            .field("type", &P::interface().type_name())
            .field("instances", &self.instances)
            .finish_non_exhaustive()
    }
}

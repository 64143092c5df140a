//! References inside values: each is replaced by one that its receiver can use.

use std::pin::Pin;
use std::task::{Context, Poll};

use ferropyro::{CallError, Dict, Exception, Instance, ProxyState, Set, Stream, Uri, Value};
use futures_core::Stream as Items;

/// Replaces the addresses in a value.
pub(crate) fn value(value: Value, across: &impl Fn(&Uri) -> Uri) -> Value {
    match value {
        Value::List(items) => Value::List(all(items, across)),
        Value::Tuple(items) => Value::Tuple(all(items, across)),
        Value::Set(items) => Value::Set(set(&items, across)),
        Value::FrozenSet(items) => Value::FrozenSet(set(&items, across)),
        Value::Dict(entries) => Value::Dict(dict(entries, across)),
        Value::Uri(uri) => Value::Uri(Box::new(across(&uri))),
        Value::Proxy(proxy) => Value::Proxy(Box::new(reference(*proxy, across))),
        Value::Object(object) => {
            let Instance { class, members } = *object;
            Value::Object(Box::new(Instance { class, members: dict(members, across) }))
        }
        Value::Exception(raised) => Value::Exception(Box::new(exception(&raised, across))),
        plain => plain,
    }
}

/// Replaces the addresses in arguments or the like.
pub(crate) fn all(items: Vec<Value>, across: &impl Fn(&Uri) -> Uri) -> Vec<Value> {
    items.into_iter().map(|item| value(item, across)).collect()
}

/// Replaces the addresses in a dict, keys included.
pub(crate) fn dict(entries: Dict, across: &impl Fn(&Uri) -> Uri) -> Dict {
    entries.into_iter().map(|(key, item)| (value(key, across), value(item, across))).collect()
}

fn set(items: &Set, across: &impl Fn(&Uri) -> Uri) -> Set {
    items.iter().cloned().map(|item| value(item, across)).collect()
}

/// Replaces the address of a reference. Its key was for the daemon that it led to.
fn reference(proxy: ProxyState, across: &impl Fn(&Uri) -> Uri) -> ProxyState {
    ProxyState { uri: across(&proxy.uri), hmac_key: None, ..proxy }
}

/// Replaces the addresses in an exception.
pub(crate) fn exception(exception: &Exception, across: &impl Fn(&Uri) -> Uri) -> Exception {
    let class = exception.class().to_owned();
    let args = all(exception.args().to_vec(), across);
    let attributes = dict(exception.attributes().clone(), across);
    Exception::from_parts(class, args, attributes)
}

/// The exception that tells a caller of a failure, with its addresses replaced.
///
/// Where the connection behind the bridge is lost, the exception is one that ends the caller's connection too: callers
/// then do what they do when an object goes away that they call directly, and hear the reason when they connect again.
pub(crate) fn failure(error: CallError, across: &impl Fn(&Uri) -> Uri) -> Exception {
    match error {
        CallError::Exception(raised) => exception(&raised, across),
        CallError::Closed { .. }
        | CallError::Io { .. }
        | CallError::Unreachable { .. }
        | CallError::Refused { .. } => {
            tracing::info!(target: "ferropyro::bridge", %error, "lost what is behind the bridge");
            Exception::new("Pyro5.errors.ConnectionClosedError", error.to_string())
        }
        error => error.into(),
    }
}

/// The items of a stream, with their addresses replaced.
pub(crate) struct Carried<F> {
    pub(crate) items: Stream,
    pub(crate) across: F,
}

// Neither is pinned.
impl<F> Unpin for Carried<F> {}

impl<F: Fn(&Uri) -> Uri> Items for Carried<F> {
    type Item = Result<Value, Exception>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Self { items, across } = self.get_mut();
        Pin::new(items).poll_next(cx).map(|item| {
            item.map(|item| match item {
                Ok(item) => Ok(value(item, across)),
                Err(error) => Err(failure(error, across)),
            })
        })
    }
}

//! What a reference or a stream inside user data must know while it is written or read: to or from whom.
//!
//! serde hands nothing of the kind down to a type, so it is kept for the thread, for as long as one payload
//! takes. Reading a reference binds it to the client or daemon in whose scope that happens; writing an object
//! that nobody else can reach is refused with a reason.

use std::cell::{Cell, RefCell};

use ferropyro_value::ProxyState;

use crate::client::Target;
use crate::{AnyProxy, CallContext, Client};

thread_local! {
    /// The client whose answer is being read.
    static READER: RefCell<Option<Client>> = const { RefCell::new(None) };
    /// Whether what is written goes to another process.
    static SENDING: Cell<bool> = const { Cell::new(false) };
    /// Why something could not be written.
    static REFUSAL: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Reads data for a client.
pub(crate) fn reading<T>(client: &Client, read: impl FnOnce() -> T) -> T {
    struct Restore(Option<Client>);
    impl Drop for Restore {
        fn drop(&mut self) {
            drop(READER.replace(self.0.take()));
        }
    }
    let _restore = Restore(READER.replace(Some(client.clone())));
    read()
}

/// Writes data for another process.
pub(crate) fn sending<T>(write: impl FnOnce() -> T) -> T {
    struct Restore(bool);
    impl Drop for Restore {
        fn drop(&mut self) {
            SENDING.set(self.0);
        }
    }
    let _restore = Restore(SENDING.replace(true));
    REFUSAL.set(None);
    write()
}

/// Whether what is written now goes to another process.
pub(crate) fn is_sending() -> bool {
    SENDING.get()
}

/// Notes why what is being written cannot be; gives the reason back.
pub(crate) fn refuse(reason: String) -> String {
    REFUSAL.set(Some(reason.clone()));
    reason
}

/// Why the last thing that was written for another process could not be, where that is not the codec's fault.
pub(crate) fn take_refusal() -> Option<String> {
    REFUSAL.take()
}

/// The proxy for a reference that was read just now.
pub(crate) fn bind(reference: ProxyState) -> AnyProxy {
    let context = crate::context();
    let daemon = context.as_ref().and_then(CallContext::shared);
    let reader = READER.with_borrow(Clone::clone);
    // What a method reads in an answer of somebody else is that caller's, whatever daemon the method is for.
    let daemon = daemon.filter(|_| reader.is_none());
    let client = reader.or_else(|| daemon.map(|daemon| daemon.client())).unwrap_or_else(Client::unbound);
    let local = Target::find_local(&client, &reference.uri);
    let own = || daemon.filter(|daemon| daemon.owns(&reference.uri));
    match local.or_else(|| own().map(|daemon| Target::registered(&client, daemon, reference.uri.clone()))) {
        Some(target) => AnyProxy::of_target(target),
        None => AnyProxy::from_reference(&client, reference),
    }
}

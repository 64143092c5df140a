//! Weak registration: an object that the program holds, and the daemon only as long as the program does.

use std::sync::{Arc, Weak};

use super::registry::daemon_error;
use super::{Interface, Object, Request, Slot};

/// An object of the program's, as a daemon serves it that must not keep it alive.
pub(super) struct WeakObject {
    interface: Interface,
    object: Weak<dyn Object>,
}

impl WeakObject {
    pub(super) fn new(object: &Arc<dyn Object>) -> Self {
        Self { interface: object.interface().clone(), object: Arc::downgrade(object) }
    }
}

impl Object for WeakObject {
    fn interface(&self) -> &Interface {
        &self.interface
    }

    fn dispatch(self: Arc<Self>, request: Request, slot: &mut Slot) {
        match self.object.upgrade() {
            Some(object) => object.dispatch(request, slot),
            None => slot.ready(request.fail(daemon_error("unknown object"))),
        }
    }

    fn is_gone(&self) -> bool {
        self.object.strong_count() == 0
    }
}

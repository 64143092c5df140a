//! [`Fragile`]: an object with attributes that take more than a closure: one that raises, one that is a stream.

use std::sync::Arc;

use ferropyro::server::{AttributeInfo, Interface, ItemSource, Methods, Request, RequestKind, Slot};
use ferropyro::{Exception, Object};

/// An object with the attributes `broken` and `numbers` added.
#[derive(Debug)]
pub(super) struct Fragile {
    inner: Arc<Methods>,
    interface: Interface,
}

impl Fragile {
    pub(super) fn new(inner: Methods) -> Self {
        // Behind the others, so that the numbers of those stay.
        let info = || AttributeInfo { readable: true, writable: false, doc: None };
        let interface = inner.interface().clone().attribute("broken", info()).attribute("numbers", info());
        Self { inner: Arc::new(inner), interface }
    }
}

impl Object for Fragile {
    fn interface(&self) -> &Interface {
        &self.interface
    }

    fn dispatch(self: Arc<Self>, request: Request, slot: &mut Slot) {
        let name = self.interface.attributes().nth(request.index()).map(|(name, _)| name);
        match (request.kind(), name) {
            (RequestKind::GetAttribute, Some("broken")) => {
                slot.ready(request.fail(Exception::new("RuntimeError", "the attribute is broken")));
            }
            (RequestKind::GetAttribute, Some("numbers")) => {
                slot.ready(request.stream(ItemSource::from_items([1, 2, 3])));
            }
            _ => Arc::clone(&self.inner).dispatch(request, slot),
        }
    }
}

//! `single`, `session`, `percall`: count their own calls, and so show how many instances there are.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use ferropyro::context;
use ferropyro::server::{Methods, Request, Slot};

/// Whose calls are counted together.
#[derive(Clone, Copy, Debug)]
pub(super) enum Instances {
    /// Everybody's.
    Single,
    /// Those of one connection.
    Session,
    /// Each for itself.
    PerCall,
}

/// The object.
pub(super) fn counter(instances: Instances) -> Methods {
    let counts: Mutex<HashMap<Option<u64>, i64>> = Mutex::default();
    Methods::new("Counter").request("count", move |request: Request, slot: &mut Slot| {
        let session = context().map(|context| context.session());
        let mut counts = counts.lock().unwrap_or_else(PoisonError::into_inner);
        let count =
            counts.entry(if matches!(instances, Instances::Single) { None } else { session }).or_default();
        *count = if matches!(instances, Instances::PerCall) { 1 } else { *count + 1 };
        slot.ready(request.value(*count));
    })
}

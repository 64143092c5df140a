//! [`Tally`]: counts what happens in other tasks, for somebody who waits until enough has happened.

use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use ferropyro::{Exception, Value};

/// How long anything of the suite waits for anything.
pub(super) const PATIENCE: Duration = Duration::from_secs(10);

/// What has happened. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tally {
    shared: Arc<(Mutex<Vec<Value>>, Condvar)>,
}

impl Tally {
    pub(crate) fn add(&self, event: impl Into<Value>) {
        let (events, changed) = &*self.shared;
        events.lock().unwrap_or_else(PoisonError::into_inner).push(event.into());
        changed.notify_all();
    }

    /// All events, once there are at least so many. Blocks.
    ///
    /// # Errors
    /// What Python's tally raises when it waits in vain.
    pub(super) fn wait(&self, count: usize) -> Result<Vec<Value>, Exception> {
        let (events, changed) = &*self.shared;
        let events = events.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = changed.wait_timeout_while(events, PATIENCE, |events| events.len() < count);
        let (events, timeout) = waited.unwrap_or_else(PoisonError::into_inner);
        if timeout.timed_out() {
            return Err(Exception::new(
                "RuntimeError",
                format!("waited in vain for {count} events, there are {}", events.len()),
            ));
        }
        Ok(events.clone())
    }

    /// All texts among the events, once there are at least so many. Blocks.
    pub(crate) fn heard(&self, count: usize) -> Result<Vec<String>, String> {
        let events = self.wait(count).map_err(|exception| exception.message())?;
        Ok(events.iter().filter_map(Value::as_str).map(str::to_owned).collect())
    }

    pub(super) fn clear(&self) {
        self.shared.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

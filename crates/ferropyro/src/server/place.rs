//! [`Place`]: a connection's place among those of its daemon, from the moment it is accepted.
//!
//! It is counted against the limit, and given back when it is dropped.

use std::sync::Arc;
use std::time::Duration;

use super::Shared;
use super::shared::Control;

/// A place that no [`Connection`](super::connection::Connection) has yet.
pub(super) struct Place {
    daemon: Arc<Shared>,
    control: Arc<Control>,
    session: u64,
    since: Duration,
    taken_over: bool,
}

impl Place {
    pub(super) fn take(daemon: &Arc<Shared>) -> Self {
        let control = Arc::<Control>::default();
        let session = daemon.enter(&control);
        Self { daemon: Arc::clone(daemon), control, session, since: daemon.now(), taken_over: false }
    }

    pub(super) fn daemon(&self) -> &Arc<Shared> {
        &self.daemon
    }

    /// When it was taken, on the clock of the daemon's sessions.
    pub(super) fn since(&self) -> Duration {
        self.since
    }

    /// What it consists of, for a connection that gives it back itself.
    pub(super) fn into_parts(mut self) -> (Arc<Shared>, Arc<Control>, u64) {
        self.taken_over = true;
        (Arc::clone(&self.daemon), Arc::clone(&self.control), self.session)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if !self.taken_over {
            self.daemon.leave(self.session);
        }
    }
}

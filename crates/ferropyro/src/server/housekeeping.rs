//! Housekeeping: work of the program's that a daemon does from time to time, as long as it serves.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use tokio::time::{MissedTickBehavior, interval};

use super::Shared;

/// What is to be done, and how often.
#[derive(Clone)]
pub(super) struct Housekeeping {
    pub(super) every: Duration,
    pub(super) work: Arc<dyn Fn() + Send + Sync>,
}

/// Does it until the daemon shuts down.
pub(super) async fn run(housekeeping: Housekeeping, daemon: Arc<Shared>) {
    let Housekeeping { every, work } = housekeeping;
    let mut times = interval(every.max(Duration::from_millis(1)));
    // After a pause of the whole machine once is enough.
    times.set_missed_tick_behavior(MissedTickBehavior::Delay);
    times.tick().await;
    loop {
        tokio::select! {
            () = daemon.draining.cancelled() => return,
            _ = times.tick() => {}
        }
        if catch_unwind(AssertUnwindSafe(|| work())).is_err() {
            tracing::warn!(target: "ferropyro::server", "the housekeeping panicked");
        }
    }
}

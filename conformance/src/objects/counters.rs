//! `single`, `session`, `percall`: count their own calls, and so show how many instances there are; and
//! objects that show when instances are made and dropped.

use std::sync::atomic::{AtomicI64, Ordering};

use ferropyro::{Exception, Instances, remote};

use super::Tally;

/// Counts its calls.
#[remote]
pub(crate) trait Counter {
    async fn count(&self) -> i64;
}

/// An instance.
#[derive(Debug, Default)]
pub(super) struct Count(AtomicI64);

impl Counter for Count {
    async fn count(&self) -> i64 {
        self.0.fetch_add(1, Ordering::Relaxed) + 1
    }
}

/// Is not there at the first try.
#[remote]
pub(crate) trait Moody {
    async fn mood(&self) -> String;
}

/// An instance.
#[derive(Debug)]
pub(super) struct Well;

impl Moody for Well {
    async fn mood(&self) -> String {
        "well".to_owned()
    }
}

/// One for each session, and every other try fails.
pub(super) fn moody() -> Instances<Well> {
    let tries = AtomicI64::new(0);
    Instances::try_per_session(move || match tries.fetch_add(1, Ordering::Relaxed) % 2 {
        0 => Err(Exception::new("ValueError", "not now")),
        _ => Ok(Well),
    })
}

/// Says when it goes.
#[remote]
pub(crate) trait Guest {
    async fn come(&self) -> String;
}

/// An instance.
#[derive(Debug)]
pub(super) struct Visit(Tally);

impl Guest for Visit {
    async fn come(&self) -> String {
        "here".to_owned()
    }
}

impl Drop for Visit {
    fn drop(&mut self) {
        self.0.add("gone");
    }
}

/// One for each session.
pub(super) fn guest(departures: &Tally) -> Instances<Visit> {
    let departures = departures.clone();
    Instances::per_session(move || Visit(departures.clone()))
}

/// When guests go.
#[derive(Debug)]
pub(super) struct Departures(pub(super) Tally);

#[remote]
impl Departures {
    /// How many guests have gone, once there are so many.
    pub fn gone(&self, count: usize) -> Result<usize, Exception> {
        Ok(self.0.wait(count)?.len())
    }
}

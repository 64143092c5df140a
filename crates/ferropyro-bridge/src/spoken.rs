//! What is spoken where, remembered for a while.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use ferropyro::{Client, Dialect, Location};
use tokio::time::timeout;

/// How long an answer holds: programs move from one Pyro to the other, but not every minute.
const FRESH: Duration = Duration::from_secs(60);

/// How long it holds that nobody answers.
const FRESH_SILENCE: Duration = Duration::from_secs(5);

/// How long a place may take to answer: whoever asks for a name waits for it. A program that has just registered
/// may not serve yet.
const PATIENCE: Duration = Duration::from_secs(5);

/// How many places are remembered.
const MOST: usize = 4096;

/// The answers of daemons to the question whether they speak a dialect.
#[derive(Debug, Default)]
pub(crate) struct Spoken(Mutex<HashMap<(Location, Dialect), Answer>>);

#[derive(Clone, Copy, Debug)]
struct Answer {
    /// None where nobody answered.
    speaks: Option<bool>,
    until: Instant,
}

impl Spoken {
    /// Whether a dialect is spoken at a location. Of a place that cannot be reached, and so is of no use in any
    /// dialect, nothing is known.
    pub(crate) async fn ask(&self, client: &Client, location: &Location, dialect: Dialect) -> Option<bool> {
        let key = (location.clone(), dialect);
        if let Some(answer) = self.lock().get(&key)
            && Instant::now() < answer.until
        {
            return answer.speaks;
        }
        let asked = timeout(PATIENCE, client.speaks(location, dialect)).await;
        let speaks = asked.ok().and_then(ferropyro::Result::ok);
        let until = Instant::now() + if speaks.is_some() { FRESH } else { FRESH_SILENCE };
        let mut known = self.lock();
        if known.len() >= MOST {
            known.clear();
        }
        known.insert(key, Answer { speaks, until });
        speaks
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<(Location, Dialect), Answer>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

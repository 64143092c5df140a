//! What is spoken where, remembered for a while.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use ferropyro::{Client, Dialect, Location};

/// How long an answer holds: programs move from one Pyro to the other, but not every minute.
const FRESH: Duration = Duration::from_secs(60);

/// How many places are remembered.
const MOST: usize = 4096;

/// The answers of daemons to the question whether they speak a dialect.
#[derive(Debug, Default)]
pub(crate) struct Spoken(Mutex<HashMap<(Location, Dialect), (bool, Instant)>>);

impl Spoken {
    /// Whether a dialect is spoken at a location. Of a place that cannot be reached, and so is of no use in any
    /// dialect, nothing is known.
    pub(crate) async fn ask(&self, client: &Client, location: &Location, dialect: Dialect) -> Option<bool> {
        let key = (location.clone(), dialect);
        if let Some((speaks, asked)) = self.lock().get(&key)
            && asked.elapsed() < FRESH
        {
            return Some(*speaks);
        }
        let speaks = client.speaks(location, dialect).await.ok()?;
        let mut known = self.lock();
        if known.len() >= MOST {
            known.clear();
        }
        known.insert(key, (speaks, Instant::now()));
        Some(speaks)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<(Location, Dialect), (bool, Instant)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

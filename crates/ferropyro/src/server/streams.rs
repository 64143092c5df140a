//! The item streams that callers are reading: who reads which, and when one that nobody reads goes away.
//!
//! The protocol's rules for them are in wire protocol §4. The items themselves are made elsewhere.

use std::collections::HashMap;
use std::future::poll_fn;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use ferropyro_value::{Exception, Uuid};
use tokio::sync::OwnedMutexGuard;
use tokio::time::Instant;

use super::{ItemSource, Reply, Request, Shared};

/// How a daemon treats item streams.
#[derive(Clone, Debug)]
pub(super) struct StreamSettings {
    /// Whether results may be streams at all. Default true.
    pub(super) enabled: bool,
    /// How long a stream is kept whose reader has gone. Default 30 s; none: not at all.
    pub(super) linger: Duration,
    /// How long a stream may exist. Zero, the default: for ever.
    pub(super) lifetime: Duration,
    /// How many there may be at once in the daemon. Default 4096.
    pub(super) max: usize,
}

impl Default for StreamSettings {
    fn default() -> Self {
        Self { enabled: true, linger: Duration::from_secs(30), lifetime: Duration::ZERO, max: 4096 }
    }
}

/// The item streams of a daemon, by id.
#[derive(Debug)]
pub(crate) struct Streams {
    settings: StreamSettings,
    open: Mutex<HashMap<String, Entry>>,
}

#[derive(Debug)]
struct Entry {
    items: Arc<tokio::sync::Mutex<ItemSource>>,
    /// The session that read from it last; none when that one has gone.
    reader: Option<u64>,
    /// When it goes away unless it is read before.
    abandoned: Option<Instant>,
    /// When it goes away in any case.
    expires: Option<Instant>,
}

impl Streams {
    pub(super) fn new(settings: StreamSettings) -> Self {
        Self { settings, open: Mutex::default() }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Entry>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a stream in for a session; gives its id, or `None` where streaming is switched off.
    pub(super) fn open(
        &self,
        items: ItemSource,
        session: u64,
        daemon: &Arc<Shared>,
    ) -> Result<Option<String>, Exception> {
        let StreamSettings { enabled, lifetime, max, .. } = self.settings;
        if !enabled {
            return Ok(None);
        }
        let id = Uuid::new_v4().to_string();
        let expires = if lifetime.is_zero() { None } else { Instant::now().checked_add(lifetime) };
        let items = Arc::new(tokio::sync::Mutex::new(items));
        // Dropped when the lock is free, as in `close`.
        let _replaced;
        let mut open = self.lock();
        if open.len() >= max {
            // Those who are here come before those who may come back.
            let oldest = open.iter().filter_map(|(id, entry)| Some((entry.abandoned?, id))).min();
            let oldest = oldest.map(|(_, id)| id.clone());
            _replaced = oldest.and_then(|id| open.remove(&id));
        }
        if open.len() >= max {
            return Err(Exception::new(
                "Pyro5.errors.DaemonError",
                format!(
                    "too many item streams are open in this daemon ({max}); close some, or raise max_streams"
                ),
            ));
        }
        open.insert(id.clone(), Entry { items, reader: Some(session), abandoned: None, expires });
        drop(open);
        if let Some(at) = expires {
            self.clean_up_at(at, daemon);
        }
        Ok(Some(id))
    }

    /// Answers a request for the next item of a stream, of which the session becomes the reader.
    ///
    /// The answer is `StopIteration` at the end, `PyroError` for an id that is unknown (any more), or what the
    /// stream failed with. In each of these cases the stream is gone.
    pub(super) async fn next(&self, id: &str, request: Request) -> Reply {
        match self.make_next(id, request.context().session()).await {
            Ok((mut items, last)) => {
                let reply = items.reply(request);
                last.keep();
                reply
            }
            Err(exception) => request.fail(exception),
        }
    }

    /// Makes the next item; gives the hold on the stream that has it.
    async fn make_next<'a>(
        &'a self,
        id: &'a str,
        session: u64,
    ) -> Result<(OwnedMutexGuard<ItemSource>, CloseOnDrop<'a>), Exception> {
        let items = {
            self.remove_expired();
            let mut open = self.lock();
            let entry = open.get_mut(id).ok_or_else(terminated)?;
            entry.reader = Some(session);
            entry.abandoned = None;
            Arc::clone(&entry.items)
        };
        let mut items = items.lock_owned().await;
        // The stream goes unless it gives an item, also when making one panics.
        let last = CloseOnDrop { streams: self, id: Some(id) };
        match poll_fn(|cx| items.poll_next(cx)).await {
            Some(Ok(())) => Ok((items, last)),
            Some(Err(exception)) => Err(exception),
            None => Err(Exception::with_args("StopIteration", Vec::new())),
        }
    }

    /// Forgets a stream.
    pub(super) fn close(&self, id: &str) {
        // Dropping the items may run user code, so it happens after the lock is free.
        let closed = self.lock().remove(id);
        drop(closed);
    }

    /// Says that a session has ended: its streams linger, or go at once.
    pub(super) fn abandon(&self, session: u64, daemon: &Arc<Shared>) {
        let linger = self.settings.linger;
        let mut open = self.lock();
        if open.is_empty() {
            return;
        }
        if linger.is_zero() {
            let closed: Vec<_> = open.extract_if(|_, entry| entry.reader == Some(session)).collect();
            drop(open);
            drop(closed);
            return;
        }
        let at = Instant::now().checked_add(linger);
        let mut any = false;
        for entry in open.values_mut().filter(|entry| entry.reader == Some(session)) {
            entry.reader = None;
            entry.abandoned = at;
            any = true;
        }
        drop(open);
        if let Some(at) = at.filter(|_| any) {
            self.clean_up_at(at, daemon);
        }
    }

    /// Forgets the streams whose time is over.
    fn remove_expired(&self) {
        let now = Instant::now();
        let passed = |time: Option<Instant>| time.is_some_and(|time| time <= now);
        let expired: Vec<_> =
            self.lock().extract_if(|_, entry| passed(entry.abandoned) || passed(entry.expires)).collect();
        // As in `close`.
        drop(expired);
    }

    /// Forgets all streams.
    pub(super) fn clear(&self) {
        let closed = std::mem::take(&mut *self.lock());
        drop(closed);
    }

    fn clean_up_at(&self, at: Instant, daemon: &Arc<Shared>) {
        let daemon = Arc::downgrade(daemon);
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(async move {
                tokio::time::sleep_until(at).await;
                if let Some(daemon) = daemon.upgrade() {
                    daemon.streams.remove_expired();
                }
            });
        }
    }
}

struct CloseOnDrop<'a> {
    streams: &'a Streams,
    id: Option<&'a str>,
}

impl CloseOnDrop<'_> {
    fn keep(mut self) {
        self.id = None;
    }
}

impl Drop for CloseOnDrop<'_> {
    fn drop(&mut self) {
        if let Some(id) = self.id {
            self.streams.close(id);
        }
    }
}

fn terminated() -> Exception {
    Exception::new("Pyro5.errors.PyroError", "item stream terminated")
}

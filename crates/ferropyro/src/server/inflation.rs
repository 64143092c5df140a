//! Inflating large requests off the threads that serve connections.
//!
//! What a small request becomes is the session's business, which inflates it at once.

use std::num::NonZero;
use std::sync::Arc;
use std::thread::available_parallelism;

use ferropyro_proto::{Frame, FrameError};
use tokio::runtime::Handle;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::task::AbortOnDropHandle;

/// Inflates a few requests at a time, as many as there are processors: some hundred small bombs that went off
/// together would take all memory, and every thread that blocking methods need.
#[derive(Debug)]
pub(super) struct Inflations {
    places: Arc<Semaphore>,
    runtime: Handle,
    max_inflated: usize,
}

/// A request that is being inflated, or waits for its turn; dropping it gives the turn up.
pub(super) type Inflating = AbortOnDropHandle<Inflated>;

/// A request that was inflated, or why it could not be.
pub(super) struct Inflated {
    pub(super) frame: Result<Frame, FrameError>,
    /// To be held until the frame is used: one that waits takes memory too.
    pub(super) place: Option<OwnedSemaphorePermit>,
}

impl Default for Inflated {
    /// What becomes of a request that was given up.
    fn default() -> Self {
        Self { frame: Err(FrameError::Deflate("the daemon is shutting down")), place: None }
    }
}

impl Inflations {
    pub(super) fn new(runtime: Handle, max_inflated: usize) -> Self {
        let places = available_parallelism().map_or(1, NonZero::get);
        Self { places: Arc::new(Semaphore::new(places)), runtime, max_inflated }
    }

    /// Inflates a request when it is its turn.
    pub(super) fn start(&self, frame: Frame) -> Inflating {
        let (places, limit) = (Arc::clone(&self.places), self.max_inflated);
        AbortOnDropHandle::new(self.runtime.spawn(async move {
            let place = places.acquire_owned().await.ok();
            let inflating =
                tokio::task::spawn_blocking(move || Inflated { frame: frame.inflate(limit), place });
            inflating.await.unwrap_or_default()
        }))
    }
}

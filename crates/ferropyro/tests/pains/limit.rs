//! A time limit for what must not hang: generous, so that a slow machine does not reach it.

use std::sync::mpsc;
use std::time::Duration;

pub(crate) const LIMIT: Duration = Duration::from_secs(60);

/// What comes of a future, which must come.
pub(crate) async fn within<T>(future: impl IntoFuture<Output = T>) -> T {
    tokio::time::timeout(LIMIT, future).await.expect("it ends")
}

/// What comes of code that parks its thread.
pub(crate) fn in_time<T: Send + 'static>(code: impl FnOnce() -> T + Send + 'static) -> T {
    let (done, outcome) = mpsc::channel();
    let thread = std::thread::spawn(move || done.send(code()));
    match outcome.recv_timeout(LIMIT) {
        Ok(outcome) => outcome,
        Err(mpsc::RecvTimeoutError::Timeout) => panic!("it hangs"),
        // It panicked: with its own words.
        Err(mpsc::RecvTimeoutError::Disconnected) => match thread.join() {
            Err(panic) => std::panic::resume_unwind(panic),
            Ok(_) => unreachable!("a sender is gone that has not sent"),
        },
    }
}

/// Lets other tasks go on until something is so.
pub(crate) async fn until(mut so: impl FnMut() -> bool) {
    within(async {
        while !so() {
            tokio::task::yield_now().await;
        }
    })
    .await;
}

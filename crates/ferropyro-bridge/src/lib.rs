//! The bridge between programs that cannot talk to each other: Pyro4's and Pyro5's.
//!
//! A daemon of ours speaks both protocols. With a [`Bridge`] it also serves objects that are elsewhere: an id such
//! as `bridge/robot%40lab:7766` stands for the object `robot` at `lab:7766`, whatever is spoken there. Calls,
//! attributes, batches, streams and exceptions are handed on; references inside arguments and results are made to
//! lead through the bridge too, so that callbacks find their way back.
//!
//! An id says everything: the bridge keeps no list, and one that was started again serves the ids of the one
//! before. It does not look names up; the name server does, and hands out addresses that lead here.
//!
//! ```no_run
//! use ferropyro::{Client, Daemon};
//! use ferropyro_bridge::Bridge;
//!
//! # async fn example() -> ferropyro::Result<()> {
//! let bridge = Bridge::new(Client::new());
//! let daemon = bridge.serve_on(Daemon::builder().listen("0.0.0.0:9999")).bind().await?;
//! bridge.lead_through(&daemon);
//! println!("{}", bridge.across(&"PYRO:robot@lab:7766".parse()?));     // PYRO:bridge/robot%40lab:7766@192.168.1.2:9999
//! daemon.run().await
//! # }
//! ```

#![cfg_attr(
    not(test),
    deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)
)]

mod bridge;
mod carry;
mod id;
mod object;
mod sessions;
mod spoken;

pub use bridge::Bridge;

//! The Ferropyro name server: names for objects, kept in memory and in SQLite, found by broadcast.
//!
//! [`Registry`] holds the names and answers; [`storage`] keeps them; [`Cleaner`] forgets the unreachable ones.
//! These know nothing of sockets. [`Service`] is the object that callers of both dialects see, and
//! [`NameServer`] the whole, running.

#![cfg_attr(
    not(test),
    deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)
)]

pub mod broadcast;
mod cleaner;
mod error;
mod pattern;
mod registry;
mod relay;
mod responder;
mod server;
mod service;
pub mod storage;
mod sweeper;
mod tags;

pub use cleaner::{Check, Cleaner, MAX_UNREACHABLE, MIN_PERIOD};
pub use error::Error;
pub use pattern::{Pattern, PatternError};
pub use registry::{Entry, Filter, NAME_SERVER, Registration, Registry, Removal};
pub use relay::Relay;
pub use server::{Broadcast, NameServer, NameServerBuilder, StartError};
pub use service::Service;
pub use tags::collect_tags;

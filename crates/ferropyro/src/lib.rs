//! Remote objects: call a method of an object in another process, or on another machine, as if it stood
//! in yours. One daemon port speaks the protocols of Pyro4 and Pyro5.
//!
//! - [`Daemon`] serves objects; an object is anything that implements [`Object`].
//! - [`Client`] finds objects and gives an [`AnyProxy`] for each.
//! - A call is a value: `.await` it, or [`wait`](client::Call::wait) for it where there is no async runtime.

#![cfg_attr(
    not(test),
    deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)
)]

mod arguments;
pub mod client;
pub mod config;
mod context;
mod error;
#[doc(hidden)]
pub mod glue;
pub mod naming;
mod operation;
mod remote_error;
mod runtime;
mod scope;
pub mod server;
mod stream;
pub mod tls;
pub mod transport;
mod zone;

pub use arguments::Arguments;
pub use client::{AnyProxy, Client};
pub use config::Config;
pub use context::{CallContext, context};
pub use error::{CallError, Error, Ran, Result};
pub use ferropyro_macros::{RemoteError, python_class, remote};
pub use ferropyro_proto::{AnnotationId, Annotations, Dialect, Metadata};
pub use ferropyro_value::call::Data;
pub use ferropyro_value::*;
pub use operation::Operation;
pub use remote_error::RemoteError;
pub use runtime::blocking;
pub use server::{Daemon, Instances, Object, Proxy};
pub use stream::{Sender, Stream, StreamDropped};

/// The README's examples compile and run.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
mod readme {}

/// Those of the page about TLS too.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/tls.md")]
mod tls_page {}

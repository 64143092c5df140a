//! Remote objects: call a method of an object in another process, or on another machine, as if it stood
//! in yours. One daemon port speaks the protocols of Pyro4 and Pyro5.
//!
//! - [`#[remote]`](macro@remote) on a trait makes a proxy type of it, which the [`Proxy`] trait describes. Errors of
//!   its methods derive [`RemoteError`]; values that are objects of a class for Python have [`#[python_class]`](macro@python_class).
//! - [`Daemon`] serves objects: typed ones, or anything that implements [`Object`].
//! - [`Client`] finds objects and gives proxies for them: typed ones, or an [`AnyProxy`].
//! - A call is a value: `.await` it, or [`wait`](client::Call::wait) for it where there is no async runtime.
//! - [`Stream`] is a result, or an argument, that comes item by item; [`Instances`] says whether callers share an
//!   object; [`context()`](fn@context) is what a method can learn of the call that it serves.
//!
//! ```
//! use ferropyro::{Client, Daemon, remote};
//!
//! #[remote]
//! pub trait Greeter {
//!     async fn hello(&self, name: String) -> String;
//! }
//!
//! struct Polite;
//! impl Greeter for Polite {
//!     async fn hello(&self, name: String) -> String {
//!         format!("Hello, {name}!")
//!     }
//! }
//!
//! # fn main() -> ferropyro::Result<()> {
//! let daemon = Daemon::bind("127.0.0.1:0").wait()?;
//! let served: GreeterProxy = daemon.serve("greeter", Polite)?;
//! let greeter: GreeterProxy = Client::new().lookup(served.uri()).wait()?;
//! assert_eq!(greeter.hello("world").wait()?, "Hello, world!");
//! # Ok(()) }
//! ```

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

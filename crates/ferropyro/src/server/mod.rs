//! The server: a [`Daemon`] that serves objects to callers of both dialects.
//!
//! A request walks one straight way: the connection reads it, the protocol session cuts it out of the bytes,
//! dispatch finds the object and checks the name, the object answers into the request's own buffer, and the
//! connection sends that.
//!
//! Logs go to these `tracing` targets: `ferropyro::server` (listening, shutting down, refused and broken
//! connections; debug, trouble as warnings) and `ferropyro::server::call` (calls that failed, with their tracebacks;
//! debug; methods that panicked, as warnings).

mod accept;
mod batch;
mod buffers;
mod builder;
mod connection;
mod correlation;
mod daemon;
mod daemon_object;
mod description;
mod dispatch;
mod hooks;
mod housekeeping;
mod inflation;
mod instances;
mod interface;
mod items;
mod methods;
mod object;
mod oneway;
mod outbox;
mod place;
mod registry;
mod reply;
mod request;
mod secure;
mod shared;
mod slot;
mod source;
mod streams;
mod timer;
mod traceback;
mod typed;
mod weak;

pub use builder::DaemonBuilder;
pub use daemon::{Daemon, ObjectId};
pub(crate) use description::Description;
pub(crate) use dispatch::attribute as attribute_index;
pub use ferropyro_proto::{Blob, BlobInfo};
pub use ferropyro_value::call::Signature;
pub use hooks::{Disconnected, Handshake};
pub use instances::Instances;
pub(crate) use instances::SessionInstances;
pub use interface::{AttributeInfo, Interface, MethodInfo};
pub use items::ItemSource;
pub use methods::Methods;
pub use object::Object;
pub use reply::Reply;
pub(crate) use reply::{After, Outcome as LocalAnswer};
pub(crate) use request::{Given, Sink, Typed};
pub use request::{Request, RequestKind};
pub(crate) use shared::Shared;
pub use slot::Slot;
#[doc(hidden)]
pub use typed::Glue;
pub(crate) use typed::Served;
pub use typed::{Proxy, ServedBy};

//! The Pyro wire protocols as state machines: frames, dialects, and the two ends of a session.
//!
//! Bytes go in, events come out, and bytes to send are appended to buffers that the caller owns. There is
//! no IO here, no clock and no randomness: the time and new correlation ids are arguments. Sockets, tasks
//! and objects are the business of the crates above; values and codecs are that of `ferropyro-value`.
//!
//! * [`ServerSession`] answers one connection: read into [`ServerSession::input`], call
//!   [`ServerSession::poll`] until it gives `None`, send what it appended. Replies are made anywhere, from
//!   the [`ReplyHead`] of each invocation.
//! * [`ClientSession`] is the other end: [`ClientSession::invoke`] appends calls, [`ClientSession::poll`]
//!   gives the replies in the order of the calls.
//! * [`Deframer`] and [`FrameWriter`] are the layer below both, for tools that look at single frames.
//!
//! ```
//! use ferropyro_proto::{
//!     Annotations, ClientEvent, ClientSession, ConnectParams, Dialect, Metadata, ServerEvent, ServerSession,
//! };
//! use ferropyro_value::Value;
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let (mut to_server, mut to_client) = (Vec::new(), Vec::new());
//! let params = ConnectParams::new("example.greeter");
//! let mut client = ClientSession::connect(Default::default(), Dialect::Pyro5, 0, &params, &mut to_server)?;
//!
//! let mut server = ServerSession::new(Default::default(), std::time::Duration::ZERO);
//! server.input().extend_from_slice(&to_server);
//! let Some(ServerEvent::Connect(request)) = server.poll(&mut to_client)? else { panic!("a client") };
//! let offers = Metadata { methods: vec!["greet".into()], ..Metadata::default() };
//! server.accept(&request, &Value::from("welcome"), Some(&offers), &Annotations::new(), &mut to_client)?;
//!
//! client.input().extend_from_slice(&to_client);
//! let Some(ClientEvent::Connected { handshake, metadata, .. }) = client.poll()? else { panic!("an answer") };
//! assert_eq!(handshake, Value::from("welcome"));
//! assert_eq!(metadata, Some(offers));
//! # Ok(()) }
//! ```

#![cfg_attr(
    not(test),
    deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)
)]

mod annotation;
mod client;
mod compress;
mod deframer;
mod dialect;
mod error;
mod flags;
mod frame;
mod header;
mod hmac;
mod limits;
mod message;
mod metadata;
mod outgoing;
mod reply;
mod server;

pub use annotation::{AnnotationId, Annotations, BLOB_INFO, CORRELATION, SIGNATURE, STREAM};
pub use client::{CallParams, ClientConfig, ClientEvent, ClientSession, ConnectParams, Reply, ReplyKind};
pub use compress::{deflate, inflate};
pub use deframer::Deframer;
pub use dialect::{Compression, Dialect};
pub use error::{Fault, FrameError, SendError, SessionError};
pub use flags::Flags;
pub use frame::Frame;
pub use header::{Header, MessageType};
pub use hmac::HmacKey;
pub use limits::FrameLimits;
pub use message::{BlobInfo, Connect, ConnectOk};
pub use metadata::Metadata;
pub use outgoing::{FrameHead, FrameWriter, SendOptions};
pub use reply::ReplyHead;
pub use server::{
    Blob, Callee, ConnectRequest, Invocation, Malformed, ServerConfig, ServerEvent, ServerSession,
};

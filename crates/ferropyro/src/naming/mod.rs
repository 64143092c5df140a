//! Finding objects by name: the client's side of the name server.
//!
//! Serving names is the business of the crate `ferropyro-ns`.

mod broadcast;
mod locate;
mod name_server;
mod registration;
mod resolve;

pub(crate) use locate::locate;
pub use name_server::{NAME_SERVER, NameServer, Register};
pub use registration::Registration;
pub(crate) use resolve::resolve;

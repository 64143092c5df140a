//! What a program may hook into a daemon: a judge of handshakes, annotations, word of those who leave.
//!
//! A hook that panics is a hook that failed; it takes no connection with it that it was not asked about.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use ferropyro_proto::{Annotations, Dialect};
use ferropyro_value::Value;

use super::source::Source;

/// A client that introduces itself, for the daemon's validator.
#[derive(Debug)]
#[non_exhaustive]
pub struct Handshake<'a> {
    /// What the client says; `hello` unless its user set something else.
    pub data: &'a Value,
    /// The object that the client means to use, where it says so.
    pub object: Option<&'a str>,
    /// The client's address.
    pub peer: &'a str,
    /// The number of its session: that of its calls' contexts, and of [`Disconnected`].
    pub session: u64,
    /// The certificates that the client has shown and the daemon has verified, in DER form: its own first.
    /// Empty without TLS, and where the daemon asks for none.
    pub certificates: &'a [Vec<u8>],
    /// The protocol that the client speaks.
    pub dialect: Dialect,
    /// The client's annotations.
    pub annotations: &'a Annotations,
}

/// A client that went away after its handshake.
#[derive(Debug)]
#[non_exhaustive]
pub struct Disconnected<'a> {
    /// The client's address.
    pub peer: &'a str,
    /// The number of its session.
    pub session: u64,
}

type Annotator = Arc<dyn Fn() -> Annotations + Send + Sync>;
type Validator = Arc<dyn Fn(&Handshake<'_>) -> Result<Value, String> + Send + Sync>;
type DisconnectHook = Arc<dyn Fn(&Disconnected<'_>) + Send + Sync>;

/// What the program wants to be asked or told.
#[derive(Clone, Default)]
pub(super) struct Hooks {
    pub(super) annotations: Option<Annotator>,
    pub(super) validator: Option<Validator>,
    pub(super) on_disconnect: Option<DisconnectHook>,
    pub(super) source: Option<Source>,
}

impl Hooks {
    /// What a client is answered that introduces itself, or why it is refused.
    pub(super) fn validate(&self, handshake: &Handshake<'_>) -> Result<Value, String> {
        let Some(validator) = &self.validator else { return Ok(Value::from("hello")) };
        catch_unwind(AssertUnwindSafe(|| validator(handshake))).unwrap_or_else(|_| {
            tracing::warn!(target: "ferropyro::server", peer = handshake.peer, "the validator panicked");
            Err("the daemon failed to validate the handshake".to_owned())
        })
    }

    /// Tells of a client that went away. This happens while a connection is dropped, where a second panic
    /// would end the program.
    pub(super) fn tell_disconnected(&self, disconnected: &Disconnected<'_>) {
        if let Some(told) = &self.on_disconnect
            && catch_unwind(AssertUnwindSafe(|| told(disconnected))).is_err()
        {
            tracing::warn!(target: "ferropyro::server", peer = disconnected.peer, "on_disconnect panicked");
        }
    }
}

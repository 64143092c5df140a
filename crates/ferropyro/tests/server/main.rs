//! A daemon on a real socket, and peers that write every byte themselves.
//!
//! None of these tests sleeps: what must have happened is waited for, on the socket or on a channel.

mod bounds;
mod calls;
mod exports;
mod hostile;
mod lifecycle;
mod peer;
mod replay;
mod source;
mod streams;
mod thing;

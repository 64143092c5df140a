//! The client against peers that do exactly what a test says, and against our own daemon.

mod calls;
mod connecting;
mod daemon;
mod links;
mod naming;
mod oneway;
mod peer;
mod sharing;

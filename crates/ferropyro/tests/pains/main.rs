//! What users of Pyro reported as hurting, once more with Ferropyro: one test an issue, named after it (`p4_99` is
//! Pyro4's issue 99, `p5_71` Pyro5's issue 71). `docs/pains.md` tells the stories.
//!
//! None of these tests sleeps. What must not hang has a time limit around it that only a hang reaches.

mod callbacks;
mod clients;
mod desk;
mod ends;
mod errors;
mod interop;
mod limit;
mod log;
mod naming;
mod objects;
mod oneway;
#[path = "../server/peer.rs"]
#[allow(dead_code, reason = "the daemon's own tests use all of it")]
mod peer;
mod sharing;
mod table;
mod values;

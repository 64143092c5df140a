//! Those who call: genuine programs, and our client, under one trait.

mod genuine;
mod ours;

use std::collections::BTreeMap;

pub(crate) use genuine::GenuineCaller;
pub(crate) use ours::OurCaller;

use crate::command::{Answer, Command};

/// The addresses of a daemon's things, by their names.
pub(crate) type Uris = BTreeMap<String, String>;

/// Somebody who does what a command says, to the things of a daemon.
pub(crate) trait Caller {
    /// Does it. An error is the suite's own trouble, such as a program that died.
    fn ask(&mut self, uris: &Uris, command: &Command) -> Result<Answer, String>;
}

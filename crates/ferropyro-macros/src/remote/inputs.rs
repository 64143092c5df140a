//! [`Inputs`]: all that a method takes, from `&self` to the parameters that may be left out.
//!
//! A single parameter is read by [`Parameter`].

use syn::{FnArg, Receiver, ReceiverKind, Signature};

use super::parameter::Parameter;
use crate::faults::Faults;

/// As many as the tuples that carry the arguments can have.
const MOST_PARAMETERS: usize = 12;

/// What callers pass to a method.
#[derive(Default)]
pub(super) struct Inputs {
    /// What they have to pass.
    pub(super) required: Vec<Parameter>,
    /// What they may leave out.
    pub(super) optional: Vec<Parameter>,
    /// How many the user wrote, those with faults among them.
    pub(super) count: usize,
}

impl Inputs {
    /// Reads them, and takes our attributes away from them. A parameter with a fault is missing.
    pub(super) fn read(signature: &mut Signature, hint: &str, faults: &mut Faults) -> Self {
        if signature.receiver().is_none() {
            let message = format_args!("a remote method is called on an object: add `&self`{hint}");
            faults.at(&signature.ident, message);
        }
        let mut read = Self::default();
        for input in &mut signature.inputs {
            match input {
                FnArg::Receiver(receiver) => check_receiver(receiver, hint, faults),
                FnArg::Typed(input) => {
                    read.count += 1;
                    if read.count == MOST_PARAMETERS + 1 {
                        faults.at(&input.pat, "at most 12 parameters: put them into a struct");
                    }
                    if let Some(parameter) = Parameter::read(input, hint, faults) {
                        read.add(parameter, faults);
                    }
                }
            }
        }
        read
    }

    /// All of them, in the order of the signature.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Parameter> {
        self.required.iter().chain(&self.optional)
    }

    fn add(&mut self, parameter: Parameter, faults: &mut Faults) {
        match self.optional.last() {
            _ if parameter.default.is_some() => self.optional.push(parameter),
            None => self.required.push(parameter),
            Some(left_out) => {
                let message = format!(
                    "it follows `{}`, which callers may leave out: put it before, or give it a `#[default]` too",
                    left_out.wire()
                );
                faults.at(&parameter.ident, message);
            }
        }
    }
}

fn check_receiver(receiver: &Receiver, hint: &str, faults: &mut Faults) {
    let reason = match &receiver.kind {
        ReceiverKind::Reference(_, None, None) => return,
        ReceiverKind::Reference(_, _, Some(_)) => {
            "since several callers may be inside at once: keep what changes in a Mutex or an atomic"
        }
        _ => "since the daemon keeps the object for the next caller",
    };
    faults.at(receiver, format_args!("remote methods take `&self`, {reason}{hint}"));
}

//! [`Members`]: what callers may use of an object, in the order of its interface.
//!
//! A member is a method, or an attribute; a getter and a setter make one attribute.

use std::collections::HashMap;

use super::marks::Access;
use super::method::{Method, Role};
use crate::faults::Faults;

/// The members of an object.
#[derive(Default)]
pub(super) struct Members {
    methods: Vec<(usize, Method)>,
    names: HashMap<String, Member>,
    calls: usize,
    attributes: usize,
}

/// An attribute of the object, with its doc comment.
pub(super) struct Attribute<'a> {
    /// Its name on the wire.
    pub(super) name: &'a str,
    /// What reads it.
    pub(super) get: Option<&'a Method>,
    /// What sets it.
    pub(super) set: Option<&'a Method>,
}

/// What a name stands for already.
enum Member {
    Call,
    Attribute { index: usize, get: bool, set: bool },
}

impl Members {
    /// Adds what a method of the user's stands for. A second member of one name is a fault.
    pub(super) fn add(&mut self, method: Method, faults: &mut Faults) {
        let index = match (method.role.access(), self.names.get_mut(&method.wire)) {
            (None, None) => {
                self.names.insert(method.wire.clone(), Member::Call);
                self.calls += 1;
                self.calls - 1
            }
            (Some(access), None) => {
                let index = self.attributes;
                let (get, set) = (access == Access::Get, access == Access::Set);
                self.names.insert(method.wire.clone(), Member::Attribute { index, get, set });
                self.attributes += 1;
                index
            }
            (Some(Access::Get), Some(Member::Attribute { index, get: get @ false, .. })) => {
                *get = true;
                *index
            }
            (Some(Access::Set), Some(Member::Attribute { index, set: set @ false, .. })) => {
                *set = true;
                *index
            }
            (_, Some(_)) => {
                let message = format!(
                    "callers know two members as `{}`: give this one another name with `#[name(\"…\")]`",
                    method.wire
                );
                faults.at(&method.wire_at, message);
                return;
            }
        };
        self.methods.push((index, method));
    }

    /// The user's methods in the order of the text, each with the number of its member: of a method among the
    /// methods, of an attribute among the attributes.
    pub(super) fn iter(&self) -> impl Iterator<Item = (usize, &Method)> {
        self.methods.iter().map(|(index, method)| (*index, method))
    }

    /// The methods in the order of the interface.
    pub(super) fn calls(&self) -> impl Iterator<Item = &Method> {
        self.methods.iter().map(|(_, method)| method).filter(|method| method.role.access().is_none())
    }

    /// The attributes in the order of the interface.
    pub(super) fn attributes(&self) -> Vec<Attribute<'_>> {
        let mut attributes: Vec<Attribute<'_>> = Vec::new();
        for (index, method) in self.iter() {
            let (get, set) = match method.role {
                Role::Get => (Some(method), None),
                Role::Set => (None, Some(method)),
                Role::Call | Role::Oneway => continue,
            };
            match attributes.get_mut(index) {
                Some(known) => {
                    known.get = known.get.or(get);
                    known.set = known.set.or(set);
                }
                None => attributes.push(Attribute { name: &method.wire, get, set }),
            }
        }
        attributes
    }
}

impl Attribute<'_> {
    /// What it is, for people: what the getter says, or else the setter.
    pub(super) fn doc(&self) -> Option<&str> {
        self.get.and_then(|get| get.doc.as_deref()).or(self.set.and_then(|set| set.doc.as_deref()))
    }
}

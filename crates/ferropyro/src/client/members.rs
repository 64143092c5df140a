//! [`Members`]: what an object offers, to be asked by name at each call.

use std::collections::HashMap;
use std::sync::Arc;

use ferropyro_proto::Metadata;

/// What a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Member {
    Method { oneway: bool },
    Attribute,
}

/// The names of an object, from the daemon's metadata.
#[derive(Debug)]
pub(super) struct Members {
    metadata: Arc<Metadata>,
    names: HashMap<String, Member>,
}

impl Members {
    pub(super) fn new(metadata: Metadata) -> Self {
        let mut names = HashMap::with_capacity(metadata.methods.len() + metadata.attrs.len());
        names.extend(metadata.attrs.iter().map(|name| (name.clone(), Member::Attribute)));
        names.extend(metadata.methods.iter().map(|name| (name.clone(), Member::Method { oneway: false })));
        names.extend(metadata.oneway.iter().map(|name| (name.clone(), Member::Method { oneway: true })));
        Self { metadata: Arc::new(metadata), names }
    }

    pub(super) fn get(&self, name: &str) -> Option<Member> {
        self.names.get(name).copied()
    }

    pub(super) fn metadata(&self) -> &Arc<Metadata> {
        &self.metadata
    }
}

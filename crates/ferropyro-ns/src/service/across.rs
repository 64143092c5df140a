//! Addresses in answers, each in the form that the caller can use.
//!
//! Asking a daemon what it speaks takes a connection, once a minute and place; many are asked at the same time.

use std::collections::HashMap;
use std::sync::Arc;

use ferropyro::{Dialect, Uri, Value};
use ferropyro_bridge::Bridge;
use tokio::task::JoinSet;

use crate::{Entry, Registration};

/// How many places are asked at the same time.
const AT_ONCE: usize = 64;

/// The answer to a lookup: an address, or one with tags.
pub(super) async fn value(bridge: &Bridge, dialect: Dialect, answer: Value) -> Value {
    match answer {
        Value::Uri(uri) => Value::from(bridge.for_dialect(&uri, dialect).await),
        Value::Tuple(parts) => {
            let mut across = Vec::with_capacity(parts.len());
            for part in parts {
                across.push(match part {
                    Value::Uri(uri) => Value::from(bridge.for_dialect(&uri, dialect).await),
                    other => other,
                });
            }
            Value::Tuple(across)
        }
        other => other,
    }
}

/// The answer to a list or a search.
pub(super) async fn registrations(
    bridge: &Bridge,
    dialect: Dialect,
    registrations: Vec<Registration>,
) -> Vec<Registration> {
    let uris = registrations.iter().filter_map(|found| found.entry.parse_uri().ok()).collect();
    let across = usable(bridge, dialect, uris).await;
    let replaced = |found: Registration| match found.entry.parse_uri().ok().and_then(|uri| across.get(&uri)) {
        Some(usable) if usable.to_string() != found.entry.uri => {
            let entry = Entry { uri: usable.to_string(), tags: found.entry.tags.clone() };
            Registration { entry: Arc::new(entry), ..found }
        }
        _ => found,
    };
    registrations.into_iter().map(replaced).collect()
}

/// For each address the form that a caller can use.
pub(crate) async fn usable(bridge: &Bridge, dialect: Dialect, uris: Vec<Uri>) -> HashMap<Uri, Uri> {
    let mut waiting = uris;
    waiting.sort();
    waiting.dedup();
    let mut across = HashMap::new();
    let mut asking = JoinSet::new();
    while !waiting.is_empty() || !asking.is_empty() {
        while asking.len() < AT_ONCE
            && let Some(uri) = waiting.pop()
        {
            let bridge = bridge.clone();
            asking.spawn(async move {
                let usable = bridge.for_dialect(&uri, dialect).await;
                (uri, usable)
            });
        }
        if let Some(Ok((uri, usable))) = asking.join_next().await {
            across.insert(uri, usable);
        }
    }
    across
}

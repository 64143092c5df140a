//! From the address that a user knows to the address of an object (wire protocol §14.2).

use std::hash::{BuildHasher, RandomState};

use std::time::Duration;

use ferropyro_value::{Uri, UriKind};
use tokio::time::{Instant, sleep};

use super::{NameServer, locate};
use crate::{CallError, Client};

/// Between two questions for the same name.
const SHORTEST_PAUSE: Duration = Duration::from_millis(200);

/// The `PYRO:` address that a URI stands for. A name that is not there (yet) is asked for until the
/// client's patience with lookups ends.
pub(crate) async fn resolve(client: &Client, uri: &Uri) -> Result<Uri, CallError> {
    if let UriKind::Object(_) = uri.kind() {
        return Ok(uri.clone());
    }
    let names = locate(client, uri.location()).await?;
    let delay = client.settings().lookup_delay;
    let begun = Instant::now();
    let pause = SHORTEST_PAUSE.max(delay / 5);
    loop {
        match ask(&names, uri).await {
            Err(CallError::Naming(_)) if begun.elapsed() < delay => sleep(pause).await,
            outcome => return outcome,
        }
    }
}

async fn ask(names: &NameServer, uri: &Uri) -> Result<Uri, CallError> {
    match uri.kind() {
        UriKind::Object(_) => Ok(uri.clone()),
        UriKind::Name(name) => Ok(names.lookup(name).await?),
        UriKind::Meta(tags) => {
            let found = names.yplookup_all(tags).await?;
            let chosen = any(&found).ok_or_else(|| {
                let tags: Vec<_> = tags.iter().map(|tag| format!("'{tag}'")).collect();
                CallError::Naming(format!(
                    "no registrations available with desired metadata properties {{{}}}",
                    tags.join(", ")
                ))
            })?;
            chosen.uri()
        }
    }
}

/// One of several, at random.
fn any<T>(items: &[T]) -> Option<&T> {
    // The hasher's keys are random, which is all the chance that spreading load needs.
    let number = RandomState::new().hash_one(0_u8);
    let count = u64::try_from(items.len()).ok()?;
    items.get(usize::try_from(number.checked_rem(count)?).ok()?)
}

#[cfg(test)]
mod tests {
    use super::any;

    #[test]
    fn any_of_none_is_none_and_any_of_some_is_one_of_them() {
        assert_eq!(any::<u8>(&[]), None);
        let seen: std::collections::BTreeSet<_> = (0..200).filter_map(|_| any(&[1, 2, 3])).collect();
        assert_eq!(seen.len(), 3);
    }
}

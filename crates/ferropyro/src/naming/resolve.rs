//! From the address that a user knows to the address of an object (wire protocol §14.2).

use std::hash::{BuildHasher, RandomState};

use ferropyro_value::{Uri, UriKind};

use super::locate;
use crate::{CallError, Client};

/// The `PYRO:` address that a URI stands for.
pub(crate) async fn resolve(client: &Client, uri: &Uri) -> Result<Uri, CallError> {
    match uri.kind() {
        UriKind::Object(_) => Ok(uri.clone()),
        UriKind::Name(name) => {
            let names = locate(client, uri.location()).await?;
            names.lookup(name).await.map_err(crate::Error::into_kind)
        }
        UriKind::Meta(tags) => {
            let names = locate(client, uri.location()).await?;
            let found = names.list_all_of(tags).await.map_err(crate::Error::into_kind)?;
            let tags = || tags.iter().map(|tag| format!("'{tag}'")).collect::<Vec<_>>().join(", ");
            let chosen = any(&found).ok_or_else(|| {
                CallError::Naming(format!(
                    "no registrations available with desired metadata properties {{{}}}",
                    tags()
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

//! Names that come close to one that the name server does not know.

use ferropyro::naming::NameServer;
use ferropyro::{CallError, Client, Error, Uri, UriKind};

use crate::failure::Failure;

const LIST: &str = "`ferropyro nsc list` shows the names that are registered, and their tags.";

/// Adds the names that come close, when the failure is an unknown name.
pub(crate) async fn similar_names(client: &Client, uri: &str, error: Error) -> Failure {
    let unknown = matches!(error.kind(), CallError::Naming(_));
    let failure = Failure::from(error);
    let Ok(uri) = uri.parse::<Uri>() else { return failure };
    let wanted = match uri.kind() {
        UriKind::Name(wanted) if unknown => wanted,
        UriKind::Meta(_) if unknown => return failure.with_hint(LIST),
        _ => return failure,
    };
    let names = match uri.location() {
        Some(location) => client.name_server_at(location.clone()).await,
        None => client.name_server().await,
    };
    let Ok(names) = names else { return failure };
    match close_names(&names, wanted).await {
        Some(hint) => failure.with_hint(&hint),
        None => failure,
    }
}

/// What to say of the names that a name server has instead of the wanted one.
pub(crate) async fn close_names(names: &NameServer, wanted: &str) -> Option<String> {
    let entries = names.list().await.ok()?;
    let close = closest(wanted, entries.into_iter().map(|entry| entry.name).collect());
    Some(if close.is_empty() { LIST.to_owned() } else { format!("These come close: {}", close.join(", ")) })
}

/// Up to three names that differ least, and by less than half of the wanted name.
fn closest(wanted: &str, names: Vec<String>) -> Vec<String> {
    let allowed = (wanted.chars().count() / 2).max(2);
    let fold = |text: &str| text.to_lowercase();
    let mut scored: Vec<(usize, String)> = names
        .into_iter()
        .map(|name| {
            let contained = fold(&name).contains(&fold(wanted)) || fold(wanted).contains(&fold(&name));
            let distance = if contained { 0 } else { distance(&fold(wanted), &fold(&name)) };
            (distance, name)
        })
        .filter(|(distance, _)| *distance <= allowed)
        .collect();
    scored.sort();
    scored.into_iter().take(3).map(|(_, name)| name).collect()
}

/// Levenshtein's edit distance.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.chars().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        let mut next = vec![left];
        for (cb, above) in b.iter().zip(row.iter().skip(1)) {
            let substituted = diagonal + usize::from(ca != *cb);
            left = substituted.min(left + 1).min(above + 1);
            next.push(left);
            diagonal = *above;
        }
        row = next;
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distance_counts_edits() {
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("same", "same"), 0);
    }

    #[test]
    fn close_names_are_found_and_far_ones_are_not() {
        let names = ["example.greeting", "lab.camera", "Pyro.NameServer"].map(str::to_owned).to_vec();
        assert_eq!(closest("example.greting", names.clone()), ["example.greeting"]);
        assert_eq!(closest("camera", names.clone()), ["lab.camera"]);
        assert!(closest("zzz", names).is_empty());
    }
}

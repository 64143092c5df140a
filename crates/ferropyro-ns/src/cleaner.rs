//! [`Cleaner`]: decides which names are unreachable for so long that they are forgotten.
//!
//! Time is an argument and connecting is the caller's task: once a period it takes [`Cleaner::plan`], tries to
//! connect to each place, and tells [`Cleaner::judge`] how it went.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::{Duration, Instant};

use ferropyro_value::{Location, Uri, UriKind};

use crate::{Error, NAME_SERVER, Registration};

/// The shortest period between two rounds.
pub const MIN_PERIOD: Duration = Duration::from_secs(3);

/// How long a name may be unreachable.
pub const MAX_UNREACHABLE: Duration = Duration::from_secs(20);

/// A daemon's own object, which the genuine cleaner leaves alone too.
const DAEMON: &str = "Pyro.Daemon";

/// A place to connect to, and the names registered there: one connection tells of them all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// Where to connect to, a host with a port or a Unix socket.
    pub location: Location,
    /// Who is unreachable when that fails.
    pub registrations: Vec<Registration>,
}

/// Remembers since when names are unreachable.
#[derive(Debug)]
pub struct Cleaner {
    period: Duration,
    /// By name: the URI that was tried, and when it failed first.
    unreachable: HashMap<Arc<str>, (String, Instant)>,
}

impl Cleaner {
    /// A cleaner that does a round each `period`.
    ///
    /// # Errors
    /// [`Error::Value`] for a period under three seconds.
    pub fn new(period: Duration) -> Result<Self, Error> {
        if period < MIN_PERIOD {
            let text = format!("NS_AUTOCLEAN cannot be smaller than {}", MIN_PERIOD.as_secs());
            return Err(Error::Value(text.into()));
        }
        Ok(Self { period, unreachable: HashMap::new() })
    }

    /// The time between two rounds.
    #[must_use]
    pub fn period(&self) -> Duration {
        self.period
    }

    /// The places to try in this round. Names that point at no place (other names, tags, what is no URI) are
    /// left alone, as is the name server itself.
    pub fn plan(&mut self, registrations: Vec<Registration>) -> Vec<Check> {
        let mut places = BTreeMap::<Location, Vec<Registration>>::new();
        let mut seen = HashMap::with_capacity(self.unreachable.len());
        for registration in registrations {
            // What is no longer registered, or registered elsewhere by now, is forgotten on the way.
            if let Some((name, since)) = self.unreachable.remove_entry(&registration.name)
                && since.0 == registration.entry.uri
            {
                seen.insert(name, since);
            }
            if matches!(&*registration.name, NAME_SERVER | DAEMON) {
                continue;
            }
            if let Some(location) = place(&registration.entry.uri) {
                places.entry(location).or_default().push(registration);
            }
        }
        self.unreachable = seen;
        places.into_iter().map(|(location, registrations)| Check { location, registrations }).collect()
    }

    /// Takes note of how a check went at `now`; gives back the registrations to remove.
    pub fn judge(&mut self, now: Instant, check: Check, reachable: bool) -> Vec<Registration> {
        let mut expired = Vec::new();
        for registration in check.registrations {
            if reachable {
                self.unreachable.remove(&registration.name);
                continue;
            }
            let first = || (registration.entry.uri.clone(), now);
            let (_, since) = self.unreachable.entry(registration.name.clone()).or_insert_with(first);
            if now.saturating_duration_since(*since) >= MAX_UNREACHABLE {
                self.unreachable.remove(&registration.name);
                expired.push(registration);
            }
        }
        expired
    }

    /// How many names are unreachable now.
    #[must_use]
    pub fn unreachable(&self) -> usize {
        self.unreachable.len()
    }
}

fn place(uri: &str) -> Option<Location> {
    let uri: Uri = uri.parse().ok()?;
    match uri.kind() {
        UriKind::Object(_) => uri.location().cloned(),
        UriKind::Name(_) | UriKind::Meta(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use ferropyro_value::Set;

    use super::*;
    use crate::{Filter, Registry};

    fn registry(entries: &[(&str, &str)]) -> Registry {
        let registry = Registry::default();
        for (name, uri) in entries {
            registry.register(name, uri, false, Set::new()).expect("registered");
        }
        registry
    }

    /// One round in which only the places in `up` answer; gives the names to remove.
    fn round(cleaner: &mut Cleaner, registry: &Registry, now: Instant, up: &[Location]) -> Vec<String> {
        let mut removed = Vec::new();
        for check in cleaner.plan(registry.list(Filter::Everything)) {
            let reachable = up.contains(&check.location);
            removed.extend(cleaner.judge(now, check, reachable));
        }
        registry.remove_unchanged(&removed).expect("removed");
        removed.into_iter().map(|registration| registration.name.to_string()).collect()
    }

    fn cleaner() -> Cleaner {
        Cleaner::new(MIN_PERIOD).expect("a period that is long enough")
    }

    #[test]
    fn a_period_under_three_seconds_is_a_value_error() {
        let error = Cleaner::new(Duration::from_millis(2999)).expect_err("too short");
        assert_eq!(error, Error::Value("NS_AUTOCLEAN cannot be smaller than 3".into()));
    }

    #[test]
    fn names_go_after_twenty_seconds_and_not_before() {
        let registry = registry(&[("down", "PYRO:a@h:1"), ("up", "PYRO:b@h:2"), (NAME_SERVER, "PYRO:n@h:1")]);
        let (mut cleaner, start) = (cleaner(), Instant::now());
        let up = [Location::tcp("h", 2)];
        for seconds in [0, 10, 19] {
            let now = start + Duration::from_secs(seconds);
            assert!(round(&mut cleaner, &registry, now, &up).is_empty(), "after {seconds} s");
        }
        assert_eq!(cleaner.unreachable(), 1);
        assert_eq!(round(&mut cleaner, &registry, start + Duration::from_secs(20), &up), ["down"]);
        assert_eq!(registry.count(), 2);
        assert_eq!(cleaner.unreachable(), 0);
    }

    #[test]
    fn an_answer_starts_the_twenty_seconds_anew() {
        let registry = registry(&[("a", "PYRO:a@h:1")]);
        let (mut cleaner, start) = (cleaner(), Instant::now());
        let up = [Location::tcp("h", 1)];
        round(&mut cleaner, &registry, start, &[]);
        round(&mut cleaner, &registry, start + Duration::from_secs(10), &up);
        assert!(round(&mut cleaner, &registry, start + Duration::from_secs(25), &[]).is_empty());
        assert_eq!(round(&mut cleaner, &registry, start + Duration::from_secs(45), &[]), ["a"]);
    }

    #[test]
    fn a_name_that_moves_to_another_uri_is_judged_anew() {
        let registry = registry(&[("a", "PYRO:a@h:1")]);
        let (mut cleaner, start) = (cleaner(), Instant::now());
        round(&mut cleaner, &registry, start, &[]);
        registry.register("a", "PYRO:a@h:2", false, Set::new()).expect("registered");
        assert!(round(&mut cleaner, &registry, start + Duration::from_secs(30), &[]).is_empty());
    }

    #[test]
    fn a_name_that_moves_during_the_check_is_not_removed() {
        let registry = registry(&[("a", "PYRO:a@h:1")]);
        let (mut cleaner, start) = (cleaner(), Instant::now());
        round(&mut cleaner, &registry, start, &[]);
        let checks = cleaner.plan(registry.list(Filter::Everything));
        registry.register("a", "PYRO:a@h:2", false, Set::new()).expect("registered");
        let late = start + MAX_UNREACHABLE;
        let expired: Vec<_> =
            checks.into_iter().flat_map(|check| cleaner.judge(late, check, false)).collect();
        assert_eq!(expired.len(), 1);
        assert_eq!(registry.remove_unchanged(&expired), Ok(0));
    }

    #[test]
    fn unix_sockets_are_checked_and_what_has_no_place_is_left_alone() {
        let registry = registry(&[
            ("unix", "PYRO:a@./u:/tmp/a.sock"),
            ("name", "PYRONAME:other"),
            ("named", "PYRONAME:other@h:1"),
            ("meta", "PYROMETA:tag"),
            ("tcp", "PYRO:a@h:1"),
            ("tcp2", "PYRO:b@h:1"),
        ]);
        let checks = cleaner().plan(registry.list(Filter::Everything));
        let places: Vec<_> =
            checks.iter().map(|check| (check.location.to_string(), check.registrations.len())).collect();
        assert_eq!(places, [("h:1".to_owned(), 2), ("./u:/tmp/a.sock".to_owned(), 1)]);
    }
}

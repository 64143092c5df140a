//! The registry's operations, answers and errors.

use super::*;

fn tags(tags: &[&str]) -> Set {
    tags.iter().copied().collect()
}

fn filled() -> Registry {
    let registry = Registry::default();
    for (name, uri, meta) in [
        (NAME_SERVER, "PYRO:Pyro.NameServer@localhost:9090", &["class:x"][..]),
        ("test.one", "PYRO:one@host:1111", &[]),
        ("test.two", "PYRO:two@host:2222", &[]),
        ("test.three", "PYRO:three@host:3333", &["m1", "m2"]),
        ("test.four", "PYRO:four@host:4444", &["m2", "m3"]),
    ] {
        registry.register(name, uri, false, tags(meta)).expect(name);
    }
    registry
}

fn names(registry: &Registry, filter: Filter<'_>) -> Vec<String> {
    registry.list(filter).into_iter().map(|registration| registration.name.to_string()).collect()
}

#[test]
fn a_registered_name_is_found_and_an_unknown_one_is_not() {
    let registry = filled();
    assert_eq!(registry.count(), 5);
    assert_eq!(
        registry.lookup("test.three").map(|entry| entry.uri.clone()),
        Ok("PYRO:three@host:3333".into())
    );
    let error = registry.lookup("nope").expect_err("unknown");
    assert_eq!(
        (error.python_class(), error.to_string()),
        ("Pyro5.errors.NamingError", "unknown name: nope".into())
    );
}

#[test]
fn registering_again_replaces_and_clears_the_tags_unless_it_is_to_be_safe() {
    let registry = filled();
    let error = registry.register("test.one", "PYRO:one@host:1", true, Set::new()).expect_err("taken");
    assert_eq!(error.to_string(), "name already registered: test.one");
    registry.register("test.three", "PYRO:3@host:3", false, Set::new()).expect("registered");
    let entry = registry.lookup("test.three").expect("registered");
    assert_eq!((entry.uri.as_str(), entry.tags.len()), ("PYRO:3@host:3", 0));
}

#[test]
fn text_is_kept_as_it_was_written() {
    let registry = Registry::default();
    registry.register("x", "pyro:x@h:1", false, Set::new()).expect("registered");
    let entry = registry.lookup("x").expect("registered");
    assert_eq!(entry.uri, "pyro:x@h:1");
    assert_eq!(entry.parse_uri().map(|uri| uri.to_string()), Ok("PYRO:x@h:1".into()));
    assert!(matches!(registry.register("x", "bad", false, Set::new()), Err(Error::InvalidUri(_))));
}

#[test]
fn tags_are_replaced_and_need_not_be_text() {
    let registry = filled();
    let mixed: Set = [Value::Int(1), Value::from("y"), Value::from((1, "z"))].into_iter().collect();
    registry.set_tags("test.one", mixed.clone()).expect("set");
    assert_eq!(registry.lookup("test.one").expect("registered").tags, mixed);
    assert_eq!(names(&registry, Filter::AllTags(&[1.0].into_iter().collect())), ["test.one"], "1 is 1.0");
    assert_eq!(registry.set_tags("nope", Set::new()), Err(Error::UnknownName("nope".into())));
}

#[test]
fn lists_are_filtered_by_prefix_pattern_and_tags() {
    let registry = filled();
    assert_eq!(names(&registry, Filter::Everything).len(), 5);
    assert_eq!(names(&registry, Filter::Prefix("test.t")), ["test.three", "test.two"]);
    assert!(names(&registry, Filter::Prefix("TEST.")).is_empty(), "letter case counts");
    assert!(names(&registry, Filter::Prefix("test%")).is_empty(), "there are no wildcards");
    let pattern = Pattern::new(r"test\.t.*").expect("a pattern");
    let matched = registry.matching(&pattern);
    assert!(matched.iter().map(|registration| &*registration.name).eq(["test.three", "test.two"]));
    assert_eq!(names(&registry, Filter::AllTags(&tags(&["m1", "m2"]))), ["test.three"]);
    assert_eq!(names(&registry, Filter::AnyTag(&tags(&["m1", "m3"]))), ["test.four", "test.three"]);
    assert!(names(&registry, Filter::AnyTag(&Set::new())).is_empty());
}

#[test]
fn the_index_of_tags_follows_every_change() {
    let registry = filled();
    let m2 = tags(&["m2"]);
    assert_eq!(names(&registry, Filter::AllTags(&m2)), ["test.four", "test.three"]);
    registry.set_tags("test.three", tags(&["m1"])).expect("set");
    registry.register("test.one", "PYRO:one@host:1", false, tags(&["m2", "m1"])).expect("registered");
    assert_eq!(names(&registry, Filter::AllTags(&m2)), ["test.four", "test.one"]);
    assert_eq!(names(&registry, Filter::AllTags(&tags(&["m1", "m2"]))), ["test.one"]);
    registry.remove(Removal::Prefix("test.")).expect("removed");
    assert!(names(&registry, Filter::AnyTag(&tags(&["m1", "m2", "m3"]))).is_empty());
    assert!(names(&registry, Filter::AllTags(&tags(&["unheard of"]))).is_empty());
}

#[test]
fn a_search_may_mix_text_and_other_tags() {
    let registry = filled();
    let mixed: Set = [Value::from("m2"), Value::Int(7)].into_iter().collect();
    registry.set_tags("test.two", mixed.clone()).expect("set");
    assert_eq!(names(&registry, Filter::AllTags(&mixed)), ["test.two"]);
    assert_eq!(names(&registry, Filter::AnyTag(&mixed)), ["test.four", "test.three", "test.two"]);
}

#[test]
fn a_closed_registry_answers_and_changes_nothing() {
    let registry = filled();
    registry.close();
    assert!(registry.lookup("test.one").is_ok());
    let error = registry.register("new", "PYRO:x@h:1", false, Set::new()).expect_err("closed");
    assert!(error.to_string().contains("shutting down"), "{error}");
    assert_eq!(registry.count(), 5);
}

#[test]
fn removing_counts_and_never_takes_the_name_server_itself() {
    let registry = filled();
    assert_eq!(registry.remove(Removal::Name("test.one")), Ok(1));
    assert_eq!(registry.remove(Removal::Name("nope")), Ok(0));
    assert_eq!(registry.remove(Removal::Name(NAME_SERVER)), Ok(0));
    assert_eq!(registry.remove(Removal::Prefix("test.t")), Ok(2));
    let everything = Pattern::new(".*").expect("a pattern");
    assert_eq!(registry.remove(Removal::Pattern(&everything)), Ok(1));
    assert_eq!(names(&registry, Filter::Everything), [NAME_SERVER]);
}

/// A storage that refuses every change.
#[derive(Debug)]
struct Broken;

impl Storage for Broken {
    fn load(&mut self) -> Result<Vec<(String, Entry)>, StorageError> {
        Ok(vec![("a".into(), Entry { uri: "PYRO:a@h:1".into(), tags: Set::new() })])
    }
    fn put(&mut self, _: &str, _: &Entry) -> Result<(), StorageError> {
        Err(StorageError::Sqlite { operation: "setitem", reason: "disk full".into() })
    }
    fn remove(&mut self, _: &[Arc<str>]) -> Result<(), StorageError> {
        Err(StorageError::Sqlite { operation: "delitem", reason: "disk full".into() })
    }
    fn storable(&self, tags: Set) -> Result<Set, StorageError> {
        Ok(tags)
    }
    fn is_blocking(&self) -> bool {
        true
    }
}

#[test]
fn what_the_storage_refuses_is_not_in_memory_either() {
    let registry = Registry::new(Box::new(Broken)).expect("loaded");
    let error = registry.register("b", "PYRO:b@h:1", false, Set::new()).expect_err("refused");
    assert_eq!(error.to_string(), "sqlite error in setitem: disk full");
    assert_eq!(error.python_class(), "Pyro5.errors.NamingError");
    assert!(registry.set_tags("a", tags(&["t"])).is_err());
    assert!(registry.remove(Removal::Name("a")).is_err());
    assert_eq!(names(&registry, Filter::Everything), ["a"]);
    assert!(registry.lookup("a").expect("there").tags.is_empty());
}

#[test]
fn sixty_four_clients_at_once_lose_nothing() {
    let registry = Registry::default();
    std::thread::scope(|scope| {
        for client in 0..64 {
            let registry = &registry;
            scope.spawn(move || {
                for number in 0..50 {
                    let name = format!("client{client:02}.{number:02}");
                    registry.register(&name, "PYRO:x@h:1", true, Set::new()).expect("registered");
                    assert!(registry.lookup(&name).is_ok());
                    if number % 2 == 0 {
                        assert_eq!(registry.remove(Removal::Name(&name)), Ok(1));
                    }
                }
                let prefix = format!("client{client:02}.");
                assert_eq!(registry.list(Filter::Prefix(&prefix)).len(), 25);
            });
        }
    });
    assert_eq!(registry.count(), 64 * 25);
}

#[test]
fn only_one_of_many_safe_registrations_wins() {
    let registry = Registry::default();
    let won: usize = std::thread::scope(|scope| {
        let attempt = || usize::from(registry.register("name", "PYRO:x@h:1", true, Set::new()).is_ok());
        let attempts: Vec<_> = (0..64).map(|_| scope.spawn(attempt)).collect();
        attempts.into_iter().map(|attempt| attempt.join().expect("no panic")).sum()
    });
    assert_eq!(won, 1);
}

#[test]
fn a_hundred_thousand_names_are_listed_by_prefix_and_removed() {
    let registry = Registry::default();
    for number in 0..100_000 {
        let name = format!("site{}.object{number:06}", number % 100);
        registry.register(&name, "PYRO:x@h:1", false, Set::new()).expect("registered");
    }
    assert_eq!(registry.list(Filter::Prefix("site42.")).len(), 1000);
    for number in 0..1000 {
        let prefix = format!("site42.object{:05}", number * 10);
        assert!(registry.list(Filter::Prefix(&prefix)).len() <= 10);
    }
    assert_eq!(registry.remove(Removal::Prefix("site")), Ok(100_000));
}

//! The environment: `check-config`, warnings, wrong values, the log.

use crate::command::{Outcome, Server, ferropyro, run};

fn with_env(variables: &[(&str, &str)], args: &[&str]) -> Outcome {
    ferropyro(args).envs(variables.iter().copied()).output().expect("it runs").into()
}

#[test]
fn check_config_shows_values_sources_and_what_has_no_effect() {
    let shown = with_env(&[("PYRO_NS_PORT", "9999")], &["check-config"]).success();
    let line = |name: &str| {
        let found = shown.lines().find(|line| line.starts_with(&format!("{name} = ")));
        found.unwrap_or_else(|| panic!("{name}")).to_owned()
    };
    assert!(shown.starts_with("Ferropyro version: "), "{shown}");
    assert!(line("NS_PORT").starts_with("NS_PORT = 9999 ") && line("NS_PORT").contains(" environment "));
    assert!(line("HOST").starts_with("HOST = localhost ") && line("HOST").contains(" default "));
    assert!(line("BROADCAST_ADDRS").starts_with("BROADCAST_ADDRS = ['<broadcast>', '0.0.0.0'] "));
    assert!(line("THREADPOOL_SIZE").contains("[no effect here: "));
    let names: Vec<&str> = shown.lines().filter_map(|line| Some(line.split_once(" = ")?.0)).collect();
    assert!(names.is_sorted() && names.len() > 40, "{names:?}");
    assert!(!shown.contains('\x1b'));
}

#[test]
fn secrets_are_not_shown() {
    let shown = with_env(&[("PYRO_HMAC_KEY", "sesame")], &["check-config"]).success();
    assert!(shown.contains("HMAC_KEY = ***") && !shown.contains("sesame"), "{shown}");
}

#[test]
fn unknown_variables_and_those_without_effect_are_warnings() {
    let variables = [("PYRO_NOPE", "1"), ("PYRO_THREADPOOL_SIZE", "3")];
    for args in [&["check-config"][..], &["call", "PYRO:x@localhost:1", "y"]] {
        let outcome = with_env(&variables, args);
        assert!(outcome.stderr.contains("warning: invalid Pyro environment config variable: PYRO_NOPE"));
        assert!(outcome.stderr.contains("warning: PYRO_THREADPOOL_SIZE has no effect"), "{}", outcome.stderr);
    }
}

#[test]
fn a_value_that_cannot_be_is_an_error_that_names_the_variable() {
    for (name, value) in [
        ("PYRO_NS_PORT", "x"),
        ("PYRO_COMPRESSION", "maybe"),
        ("PYRO_SERIALIZER", "pickle"),
        ("PYRO_LOGLEVEL", "LOUD"),
        ("PYRO_LOGFILE", "/nonexistent/log"),
    ] {
        for args in [&["check-config"][..], &["nsc", "ping"], &["ns", "-p", "0"]] {
            let outcome = with_env(&[(name, value)], args);
            assert_eq!((outcome.code, outcome.stdout.as_str()), (Some(2), ""), "{name}");
            assert!(outcome.stderr.contains(name) && outcome.stderr.contains(value), "{}", outcome.stderr);
        }
    }
}

#[test]
fn the_log_goes_where_it_is_sent_and_is_plain() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("log");
    let (_server, uri) = Server::echo(&[]);
    let file = path.to_str().expect("a path");
    with_env(&[("PYRO_LOGLEVEL", "DEBUG"), ("PYRO_LOGFILE", file)], &["echoserver", "-H", "nohost.invalid"]);
    assert!(!std::fs::read_to_string(&path).expect("a log").contains('\x1b'));
    let quiet = with_env(&[("PYRO_LOGLEVEL", "WARNING")], &["call", &uri, "echo", "1"]);
    assert_eq!(quiet.success(), "1\n");
}

#[test]
fn the_serializer_of_the_environment_is_used() {
    let (_server, uri) = Server::echo(&[]);
    let outcome = with_env(&[("PYRO_SERIALIZER", "marshal")], &["call", &uri, "echo", "b'x'"]);
    assert_eq!(outcome.success(), "b'x'\n");
    assert_eq!(run(&["call", &uri, "echo", "1"]).success(), "1\n");
}

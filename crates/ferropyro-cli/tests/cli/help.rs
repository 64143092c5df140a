//! The help: there for every command, with examples, and plain in a pipe.

use crate::command::run;

#[test]
fn every_command_has_help_that_shows_how() {
    for command in ["ns", "nsc", "echoserver", "call", "inspect", "check-config"] {
        let help = run(&[command, "--help"]).success();
        assert!(help.contains("ferropyro"), "{help}");
        assert!(help.contains(&format!("ferropyro {command}")), "{help}");
        assert!(!help.contains('\x1b'), "{help}");
        assert_eq!(run(&["help", command]).success(), help);
    }
    let all = run(&["--help"]).success();
    for command in ["ns", "nsc", "echoserver", "call", "inspect", "check-config", "demo"] {
        assert!(all.lines().any(|line| line.trim_start().starts_with(&format!("{command} "))), "{command}");
    }
}

#[test]
fn call_tells_its_exit_codes() {
    let help = run(&["call", "--help"]).success();
    for part in ["NAME=LITERAL", "get verbose", "set verbose True", "0 done", "3 unreachable"] {
        assert!(help.contains(part), "{part}");
    }
}

#[test]
fn the_version_is_a_line() {
    assert_eq!(run(&["--version"]).success(), format!("ferropyro {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn no_command_and_an_unknown_one_are_wrong_usage() {
    assert_eq!(run(&[]).code, Some(2));
    let outcome = run(&["cal"]);
    assert_eq!(outcome.code, Some(2));
    assert!(outcome.stderr.contains("call"), "{}", outcome.stderr);
}

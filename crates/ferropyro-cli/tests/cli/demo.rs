//! `ferropyro demo` without Python: the Rust part, numbered as it is shown.

use crate::command::run;

#[test]
fn the_tour_is_numbered_and_ends_with_what_is_registered() {
    let tour = run(&["demo"]).success();
    let numbers: Vec<&str> = tour
        .lines()
        .filter_map(|line| line.split_once(". "))
        .map(|(number, _)| number)
        .filter(|number| number.parse::<u8>().is_ok())
        .collect();
    assert_eq!(numbers, ["1", "2", "3", "4", "5"], "{tour}");
    for part in [
        "Hi, Rust! Rust here.",
        "A (Rust) -> B (Rust) -> C (Rust) -> back at A",
        "the worker's result: 6",
        "3, 2, 1",
        "example.greeting",
    ] {
        assert!(tour.contains(part), "{part}: {tour}");
    }
}

#[test]
fn a_python_without_pyro_is_refused_with_a_way_out() {
    let outcome = run(&["demo", "--python", "/nonexistent/python"]);
    assert_eq!(outcome.code, Some(1));
    assert!(outcome.stderr.contains("/nonexistent/python"), "{}", outcome.stderr);
}

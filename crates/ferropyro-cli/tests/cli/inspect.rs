//! `inspect`: names for every object, and what a typed one says of itself.

use ferropyro::{Daemon, remote};

use crate::command::{Server, run};

/// Greets people.
///
/// In many languages.
#[remote]
trait Greeter {
    /// Says hello.
    async fn hello(&self, name: String, #[default] language: Option<String>) -> String;
    #[oneway]
    async fn note(&self, line: String);
    /// What it believes in.
    #[attr]
    async fn motto(&self) -> String;
}

struct Polite;

impl Greeter for Polite {
    async fn hello(&self, name: String, language: Option<String>) -> String {
        format!("{}, {name}", language.unwrap_or_else(|| "Hello".to_owned()))
    }

    async fn note(&self, _: String) {}

    async fn motto(&self) -> String {
        "be kind".to_owned()
    }
}

#[test]
fn a_typed_object_is_shown_with_its_documentation_and_parameters() {
    let daemon = Daemon::bind("127.0.0.1:0").wait().expect("bound");
    let greeter: GreeterProxy = daemon.serve("greeter", Polite).expect("registered");
    let uri = greeter.uri().to_string();
    let shown = run(&["inspect", &uri]).success();
    let (names, told) = shown.split_once("\n\n").expect("two parts");
    assert!(names.contains("methods:     hello\noneway:      note\nattributes:  motto"), "{names}");
    let told: Vec<_> =
        told.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    let expected = [
        "Greeter Greets people.",
        "hello(name, language=…) Says hello.",
        "note(line)",
        "motto (read) What it believes in.",
    ];
    assert_eq!(told, expected);
}

#[test]
fn parameters_that_nobody_declared_are_not_made_up() {
    let (_server, uri) = Server::echo(&[]);
    let shown = run(&["inspect", &uri]).success();
    assert!(shown.contains("attributes:  verbose\n"), "{shown}");
    assert!(shown.contains("  echo(…) "), "{shown}");
}

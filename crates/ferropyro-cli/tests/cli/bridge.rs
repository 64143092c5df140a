//! `ferropyro bridge`, and `ferropyro ns --bridge`.

use rustix::process::Signal;

use crate::command::{Server, run};

#[test]
fn a_bridge_beside_a_name_server_finds_its_names() {
    let mut names = Server::start(&["ns", "-n", "127.0.0.1", "-p", "0", "-x"]);
    let uri = names.until("URI = ");
    let at = uri.rsplit('@').next().expect("a location").to_owned();
    let mut bridge = Server::start(&["bridge", "-n", "127.0.0.1", "-p", "0", "--ns", &at]);
    let uri = bridge.until("URI = ");
    let (host, port) = uri.rsplit('@').next().and_then(|at| at.split_once(':')).expect("a location");
    let listed = run(&["nsc", "-n", host, "-p", port, "list"]).success();
    assert!(listed.contains("Pyro.NameServer --> PYRO:Pyro.NameServer@127.0.0.1"), "{listed}");
    bridge.signal(Signal::TERM);
    let outcome = bridge.end();
    assert_eq!(outcome.code, Some(0), "{}", outcome.stderr);
}

#[test]
fn without_a_name_server_a_bridge_says_what_it_tried() {
    let outcome = run(&["bridge", "-p", "0", "--ns", "127.0.0.1:1"]);
    assert_eq!(outcome.code, Some(3));
    assert!(outcome.stderr.contains("Tried 127.0.0.1:1"), "{}", outcome.stderr);
    let outcome = run(&["bridge", "-p", "0", "--ns", "host:port"]);
    assert_eq!(outcome.code, Some(2));
    assert!(outcome.stderr.contains("--ns"), "{}", outcome.stderr);
}

//! `ferropyro echoserver`: options, lines, its end.

use rustix::process::Signal;

use crate::command::{Server, ferropyro, run};

#[test]
fn it_says_where_it_is_and_ends_by_both_signals() {
    for signal in [Signal::TERM, Signal::INT] {
        let mut server = Server::start(&["echoserver"]);
        assert_eq!(server.line(), "Starting Ferropyro's built-in test echo server.");
        assert_eq!(server.line(), "object name: test.echoserver");
        let uri = server.line();
        assert!(uri.starts_with("echo uri: PYRO:test.echoserver@localhost:"), "{uri}");
        assert_eq!(server.line(), "echoserver running.");
        server.signal(signal);
        assert_eq!(server.end().success(), "");
    }
}

#[test]
fn its_shutdown_method_ends_it() {
    let (server, uri) = Server::echo(&[]);
    assert_eq!(run(&["call", &uri, "shutdown"]).success(), "None\n");
    assert_eq!(server.end().success(), "");
}

#[test]
fn quiet_prints_nothing() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("echo.sock");
    let path = path.to_str().expect("a path");
    let server = Server::start(&["echoserver", "-q", "-u", path]);
    let uri = format!("PYRO:test.echoserver@./u:{path}");
    while run(&["call", &uri, "set", "verbose", "False"]).code == Some(3) {
        std::thread::yield_now();
    }
    server.signal(Signal::TERM);
    assert_eq!(server.end().success(), "");
}

#[test]
fn verbose_tells_of_calls_with_the_time() {
    let (mut server, uri) = Server::echo(&["-v"]);
    run(&["call", &uri, "echo", "(1, 'two')"]).success();
    let line = server.line();
    let (time, what) = line.split_once(" - ").expect("a time");
    assert_eq!(what, "echo: (1, 'two')");
    assert_eq!((time.len(), time.split_whitespace().count()), (24, 5), "{time}");
    run(&["call", &uri, "oneway_echo", "3"]).success();
    assert!(server.line().ends_with(" - oneway_echo: 3"));
}

#[test]
fn it_registers_with_a_running_name_server() {
    let (_names, location) = Server::names(&[]);
    let port = location.split_once(':').expect("a location").1;
    let mut command = ferropyro(&["echoserver", "-n", "-v"]);
    let mut server = Server::spawn(command.env("PYRO_NS_PORT", port));
    assert_eq!(server.until("using name server at "), format!("PYRO:Pyro.NameServer@{location}"));
    server.until("echoserver running.");
    let uri = format!("PYRONAME:test.echoserver@{location}");
    assert_eq!(run(&["call", &uri, "echo", "1"]).success(), "1\n");
}

#[test]
fn it_brings_a_name_server_of_its_own() {
    let mut command = ferropyro(&["echoserver", "-N", "-v"]);
    let mut server = Server::spawn(command.env("PYRO_NS_PORT", "0"));
    let names = server.until("using name server at PYRO:Pyro.NameServer@");
    assert_eq!(server.line(), "not using a broadcast server");
    server.until("echoserver running.");
    let uri = format!("PYRONAME:test.echoserver@{names}");
    assert_eq!(run(&["call", &uri, "echo", "1"]).success(), "1\n");
    server.until_end(" - echo: 1");
    server.signal(Signal::TERM);
    assert_eq!(server.end().success(), "");
}

#[test]
fn the_environment_says_where_it_listens_and_what_it_hands_out() {
    let mut command = ferropyro(&["echoserver"]);
    command.env("PYRO_HOST", "127.0.0.1").env("PYRO_NATHOST", "nat.example").env("PYRO_NATPORT", "7");
    let mut server = Server::spawn(&mut command);
    assert_eq!(server.until("echo uri: "), "PYRO:test.echoserver@nat.example:7");
}

//! `ferropyro ns`: lines, options, storages, its end.

use std::net::{TcpListener, UdpSocket};
use std::time::{Duration, Instant};

use rustix::process::Signal;

use crate::command::{Server, run};

#[test]
fn it_says_what_the_genuine_name_server_says_and_ends_by_both_signals() {
    for signal in [Signal::TERM, Signal::INT] {
        let mut server = Server::start(&["ns", "-p", "0"]);
        assert_eq!(server.line(), "Not starting broadcast server for localhost.");
        let running = server.line();
        let location =
            running.strip_prefix("NS running on ").and_then(|line| line.strip_suffix(" (127.0.0.1)"));
        let location = location.unwrap_or_else(|| panic!("{running}")).to_owned();
        assert!(location.starts_with("localhost:"), "{location}");
        assert_eq!(server.line(), format!("URI = PYRO:Pyro.NameServer@{location}"));
        server.signal(signal);
        assert_eq!(server.end().success(), "NS shut down.\n");
    }
}

#[test]
fn idle_clients_do_not_hold_up_its_end() {
    let (server, location) = Server::names(&[]);
    let client = ferropyro::Client::new();
    let location = ferropyro::Location::parse(&location, None).expect("a location");
    let names = client.name_server_at(location).wait().expect("found");
    names.ping().wait().expect("alive");
    let start = Instant::now();
    server.signal(Signal::TERM);
    assert_eq!(server.end().success(), "NS shut down.\n");
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
}

#[test]
fn a_unix_socket_serves_and_is_removed() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("ns.sock");
    let path = path.to_str().expect("a path");
    let mut server = Server::start(&["ns", "-u", path]);
    assert_eq!(server.line(), format!("NS running on ./u:{path} (Unix domain socket)"));
    assert_eq!(server.line(), format!("URI = PYRO:Pyro.NameServer@./u:{path}"));
    assert_eq!(run(&["nsc", "-u", path, "ping"]).success(), "Name server ping ok.\n");
    server.signal(Signal::TERM);
    assert_eq!(server.end().success(), "NS shut down.\n");
    assert!(!std::fs::exists(path).expect("a directory"));
}

#[test]
fn behind_nat_it_shows_both_addresses() {
    let mut server = Server::start(&["ns", "-p", "0", "--nathost", "nat.example.com", "--natport", "7777"]);
    let own = server.until("internal URI = ");
    assert!(own.starts_with("PYRO:Pyro.NameServer@localhost:"), "{own}");
    assert_eq!(server.line(), "external URI = PYRO:Pyro.NameServer@nat.example.com:7777");
    let outcome = run(&["ns", "-p", "0", "--natport", "7777"]);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (Some(2), "ferropyro: --natport needs --nathost\n"));
}

#[test]
fn a_broadcast_host_starts_the_responder_on_loopback_and_x_does_not() {
    let mut server = Server::start(&["ns", "-p", "0", "--bchost", "127.0.0.1", "--bcport", "0"]);
    let responder = server.line();
    let responder = responder.strip_prefix("Broadcast server running on ").expect("it runs").to_owned();
    let uri = server.until("URI = ");
    let socket = UdpSocket::bind("127.0.0.1:0").expect("bound");
    socket.send_to(b"GET_NSURI", &responder).expect("sent");
    let mut answer = [0; 100];
    let length = socket.recv(&mut answer).expect("an answer");
    assert_eq!(&answer[..length], uri.as_bytes());

    let args = ["ns", "-p", "0", "--bchost", "127.0.0.1", "--bcport", "0", "-x"];
    assert_eq!(Server::start(&args).line(), "Not starting broadcast server for localhost.");
}

#[test]
fn a_port_in_use_is_an_error_that_names_cause_and_remedy() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("bound");
    let port = taken.local_addr().expect("an address").port().to_string();
    let outcome = run(&["ns", "-p", &port]);
    assert_eq!((outcome.code, outcome.stdout.as_str()), (Some(1), ""));
    for part in [&port, "listens there already", "port 0"] {
        assert!(outcome.stderr.contains(part), "{}", outcome.stderr);
    }
}

#[test]
fn a_storage_that_is_none_is_wrong_usage() {
    let outcome = run(&["ns", "-p", "0", "-s", "foo"]);
    assert_eq!((outcome.code, outcome.stdout.as_str()), (Some(2), ""));
    assert!(outcome.stderr.contains("foo") && outcome.stderr.contains("sql:"), "{}", outcome.stderr);
}

#[test]
fn names_in_a_file_survive_a_restart_and_a_kill() {
    let directory = tempfile::tempdir().expect("a directory");
    let storage = format!("sql:{}", directory.path().join("names.sqlite").display());
    let nsc = |location: &str, args: &[&str]| {
        let (host, port) = location.split_once(':').expect("a location");
        run(&[&["nsc", "-n", host, "-p", port], args].concat()).success()
    };

    let (server, location) = Server::names(&["-s", &storage]);
    assert_eq!(nsc(&location, &["register", "kept", "PYRO:a@h:1"]), "Registered kept\n");
    server.signal(Signal::TERM);
    assert_eq!(server.end().success(), "NS shut down.\n");

    let mut server = Server::start(&["ns", "-p", "0", "-s", &storage]);
    server.until("Persistent store contains 2 existing registrations.");
    let uri = server.until("URI = PYRO:Pyro.NameServer@");
    assert_eq!(nsc(&uri, &["register", "killed", "PYRO:b@h:2"]), "Registered killed\n");
    server.signal(Signal::KILL);
    drop(server);

    let (_server, location) = Server::names(&["-s", &storage]);
    assert_eq!(nsc(&location, &["lookup", "kept"]), "PYRO:a@h:1\n");
    assert_eq!(nsc(&location, &["lookup", "killed"]), "PYRO:b@h:2\n");
}

#[test]
fn it_serves_on_when_nobody_reads_its_lines() {
    let (server, location) = Server::names(&[]);
    let port = location.split_once(':').expect("a location").1.to_owned();
    let ping = || run(&["nsc", "-n", "localhost", "-p", &port, "ping"]).success();
    assert_eq!(ping(), "Name server ping ok.\n");
    server.signal(Signal::TERM);
    let outcome = server.stop_reading();
    assert_eq!((outcome.code, outcome.stderr.as_str()), (Some(0), ""));
}

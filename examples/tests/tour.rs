//! The tour, run as a user runs it: beside a name server, as a process of its own.

use std::process::Command;

use ferropyro::Location;
use ferropyro_ns::NameServer;

#[tokio::test]
async fn the_tour_goes_through_everything() {
    let names = NameServer::builder().host("127.0.0.1").port(0).broadcast(false).start().await.unwrap();
    let Location::Tcp { port, .. } = *names.location() else { panic!("a TCP port") };
    let mut tour = Command::new(env!("CARGO_BIN_EXE_tour"));
    tour.env("PYRO_NS_HOST", "127.0.0.1").env("PYRO_NS_PORT", port.to_string());
    let outcome = tokio::task::spawn_blocking(move || tour.output()).await.unwrap().unwrap();
    let (out, err) = (String::from_utf8_lossy(&outcome.stdout), String::from_utf8_lossy(&outcome.stderr));
    assert!(outcome.status.success(), "{out}{err}");
    // The log line is of a oneway call, and may come at any time.
    let lines: Vec<_> = out.lines().filter(|line| !line.starts_with("log:")).collect();
    let expected = [
        "Hello, world!",
        "3",
        "2",
        "1",
        "observer: batch was greeted",
        "Ok(3) Ok(\"Hello, batch!\") 3 Str(\"be kind\")",
        "Welcome, Ada!",
        "total 10",
        "observer: neighbour was greeted",
        "Hello, neighbour!",
        "Hello, sync!",
        "who?",
    ];
    assert_eq!(lines, expected, "{err}");
    assert!(out.contains("log: a line"), "{out}");
    names.stop().await.unwrap();
}

//! What is no Pyro server, or none that talks to us: exit 3 or 1, promptly, with cause and remedy.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use ferropyro::server::Methods;
use ferropyro::{Codec, Daemon};

use crate::command::run;

/// A server that treats each connection so; gives the URI of an object there.
fn peer(serve: impl Fn(TcpStream) + Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("bound");
    let uri = format!("PYRO:x@{}", listener.local_addr().expect("an address"));
    thread::spawn(move || listener.incoming().flatten().for_each(serve));
    uri
}

#[test]
fn where_nothing_listens_it_says_so() {
    for args in [&["call", "PYRO:x@localhost:1", "echo"][..], &["inspect", "PYRO:x@localhost:1"]] {
        let outcome = run(args);
        assert_eq!((outcome.code, outcome.stdout.as_str()), (Some(3), ""));
        assert!(outcome.stderr.contains("nothing listens there"), "{}", outcome.stderr);
    }
    let outcome = run(&["call", "PYRO:x@./u:/nonexistent/socket", "echo"]);
    assert_eq!(outcome.code, Some(3), "{}", outcome.stderr);
}

#[test]
fn other_protocols_are_recognised_as_no_pyro() {
    for answer in
        ["HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n", "SSH-2.0-OpenSSH_9.6\r\n", "???????"]
    {
        let uri = peer(move |mut stream| {
            // Whatever was sent does not matter, only that the answer comes after it.
            let _ = stream.read(&mut [0; 1024]);
            let _ = stream.write_all(answer.as_bytes());
        });
        let outcome = run(&["call", &uri, "echo", "--timeout", "10"]);
        assert_eq!((outcome.code, outcome.stdout.as_str()), (Some(3), ""), "{answer}: {}", outcome.stderr);
        assert!(outcome.stderr.contains("no Pyro port"), "{answer}: {}", outcome.stderr);
    }
}

#[test]
fn a_silent_port_ends_with_the_timeout() {
    let uri = peer(|mut stream| {
        thread::spawn(move || while stream.read(&mut [0; 1024]).is_ok_and(|length| length > 0) {});
    });
    let named = uri.replace("PYRO:", "PYRONAME:");
    for args in [
        &["call", &uri, "echo"][..],
        &["call", &uri, "get", "x"],
        &["inspect", &uri],
        &["call", &named, "echo"],
    ] {
        let start = Instant::now();
        let outcome = run(&[args, &["--timeout", "0.3"]].concat());
        assert_eq!((outcome.code, outcome.stdout.as_str()), (Some(3), ""), "{}", outcome.stderr);
        assert!(start.elapsed() < Duration::from_secs(3), "{:?}", start.elapsed());
    }
}

#[test]
fn a_serializer_that_the_daemon_refuses_is_named_with_the_others() {
    let daemon = Daemon::builder().listen("127.0.0.1:0").accept_codecs([Codec::Json]).bind();
    let daemon = daemon.wait().expect("bound");
    let object =
        Methods::new("Echo").method("echo", async |call| call.bind(["message"]).map(|[message]| message));
    let uri = daemon.register("echo", object).expect("registered").to_string();
    for protocol in ["48", "502"] {
        let outcome = run(&["call", "--protocol", protocol, &uri, "echo", "1"]);
        assert_eq!((outcome.code, outcome.stdout.as_str()), (Some(1), ""));
        assert!(outcome.stderr.contains("does not accept serpent"), "{}", outcome.stderr);
        assert!(outcome.stderr.contains("json, marshal, msgpack"), "{}", outcome.stderr);
        let json = run(&["call", "--protocol", protocol, "--serializer", "json", &uri, "echo", "1"]);
        assert_eq!(json.success(), "1\n");
    }
}

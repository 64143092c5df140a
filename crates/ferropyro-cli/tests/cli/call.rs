//! `ferropyro call` and `inspect`: arguments, results, exceptions, exit codes.

use std::time::{Duration, Instant};

use rustix::process::Signal;

use crate::command::{Server, ferropyro, run};

#[test]
fn literals_come_back_as_literals() {
    let (_server, uri) = Server::echo(&[]);
    for (argument, result) in [
        ("42", "42"),
        ("-7", "-7"),
        ("-1.5", "-1.5"),
        ("-1e3", "-1000.0"),
        ("123456789012345678901234567890", "123456789012345678901234567890"),
        ("0xff", "255"),
        ("1+2j", "(1+2j)"),
        ("None", "None"),
        ("True", "True"),
        ("()", "()"),
        ("(1,)", "(1,)"),
        ("(1, 'a', [2.5, {'k': (None,)}])", "(1, 'a', [2.5, {'k': (None,)}])"),
        ("{3}", "{3}"),
        ("{1: 2}", "{1: 2}"),
        (r"'\n\t\\\'\x41\u20ac\U0001F600\101\a'", r#""\n\t\\'A€😀A\x07""#),
        (r"'\N{EURO SIGN}'", "'€'"),
        (r"r'raw\n'", r"'raw\\n'"),
        ("'a' \"b\"", "'ab'"),
        ("''", "''"),
        ("hello", "'hello'"),
        ("hello world", "'hello world'"),
        ("PYRO:x@y:1", "'PYRO:x@y:1'"),
        ("[1", "'[1'"),
        ("message=(1, 2)", "(1, 2)"),
        ("message=text", "'text'"),
        ("message=-7", "-7"),
        ("a==b", "'a==b'"),
    ] {
        assert_eq!(run(&["call", &uri, "echo", argument]).success(), format!("{result}\n"), "{argument}");
    }
    for text in ["-x", "--json", "--timeout"] {
        assert_eq!(run(&["call", &uri, "echo", "--", text]).success(), format!("'{text}'\n"));
    }
}

#[test]
fn every_serializer_and_protocol_carries_a_call() {
    let (_server, uri) = Server::echo(&[]);
    for (serializer, expected) in [
        ("serpent", "(1, {'data': 'AP8=', 'encoding': 'base64'})\n"),
        ("marshal", "(1, b'\\x00\\xff')\n"),
        ("msgpack", "[1, b'\\x00\\xff']\n"),
    ] {
        for protocol in ["48", "502"] {
            let args = [
                "call",
                "--serializer",
                serializer,
                "--protocol",
                protocol,
                &uri,
                "echo",
                "(1, b'\\x00\\xff')",
            ];
            assert_eq!(run(&args).success(), expected, "{serializer} {protocol}");
        }
    }
    for protocol in ["48", "502"] {
        let args = ["call", &uri, "echo", "(1, 'a')", "--serializer", "json", "--protocol", protocol];
        assert_eq!(run(&args).success(), "[1, 'a']\n");
    }
    let outcome = run(&["call", &uri, "echo", "b'x'", "--serializer", "json"]);
    assert_eq!(outcome.code, Some(2));
    assert!(outcome.stderr.contains("json cannot carry bytes"), "{}", outcome.stderr);
}

#[test]
fn json_is_printed_where_it_is_asked_for() {
    let (_server, uri) = Server::echo(&[]);
    let json = |argument| run(&["call", "--json", &uri, "echo", argument]).success();
    assert_eq!(json("{'a': (1, None, True)}").replace(' ', ""), "{\"a\":[1,null,true]}\n");
    let bytes = run(&["call", "--json", "--serializer", "marshal", &uri, "echo", "b'x'"]).success();
    assert_eq!(bytes.replace(' ', ""), "{\"data\":\"eA==\",\"encoding\":\"base64\"}\n");
    assert_eq!(json("text"), "\"text\"\n");
    assert_eq!(run(&["call", &uri, "generator", "--json"]).success(), "\"one\"\n\"two\"\n\"three\"\n");
}

#[test]
fn attributes_are_read_and_set() {
    let (_server, uri) = Server::echo(&[]);
    assert_eq!(run(&["call", &uri, "get", "verbose"]).success(), "False\n");
    assert_eq!(run(&["call", &uri, "set", "verbose", "True"]).success(), "None\n");
    assert_eq!(run(&["call", &uri, "get", "verbose"]).success(), "True\n");
    for args in [&["get"][..], &["get", "verbose", "1"], &["set", "verbose"], &["set", "verbose", "1", "2"]] {
        assert_eq!(run(&[&["call", &uri], args].concat()).code, Some(2), "{args:?}");
    }
    assert_eq!(run(&["call", &uri, "get", "nope"]).code, Some(1));
}

#[test]
fn exceptions_show_class_message_and_traceback() {
    let (_server, uri) = Server::echo(&[]);
    for (args, line) in [
        (&["error"][..], "ValueError: this is the generated error from echoserver echo() method"),
        (&["error_with_text"], "ValueError: the message of the error"),
        (&["nope"], "AttributeError: "),
        (&["_private"], "AttributeError: attempt to access private attribute '_private'"),
        (&["__private"], "AttributeError: attempt to access private attribute '__private'"),
        (&["echo"], "TypeError: "),
        (&["echo", "1", "2"], "TypeError: "),
        (&["get", "nope"], "AttributeError: "),
    ] {
        for protocol in ["48", "502"] {
            let outcome = run(&[&["call", "--protocol", protocol, &uri], args].concat());
            assert_eq!((outcome.code, outcome.stdout.as_str()), (Some(1), ""), "{args:?}");
            assert!(outcome.stderr.starts_with(line), "{}", outcome.stderr);
            let (_, traceback) =
                outcome.stderr.split_once("--- remote traceback ---\n").expect("a traceback");
            assert!(traceback.starts_with("Traceback (most recent call last)"), "{traceback}");
        }
    }
    assert_eq!(run(&["call", &uri, "__dunder__"]).success(), "'should be allowed (dunder)'\n");
}

#[test]
fn an_object_that_is_not_there_is_refused_with_a_way_to_the_ones_that_are() {
    let (_server, uri) = Server::echo(&[]);
    let wrong = uri.replace("test.echoserver", "nope");
    let outcome = run(&["call", &wrong, "echo", "1"]);
    assert_eq!(outcome.code, Some(1));
    assert!(outcome.stderr.contains("unknown object"), "{}", outcome.stderr);
    let (_, hint) = outcome.stderr.split_once("`ferropyro call ").expect("a hint");
    let words: Vec<&str> = hint.split_once('`').expect("a command").0.split(' ').collect();
    let shown = run(&[&["call"], &words[..]].concat()).success();
    assert_eq!(shown, "['Pyro.Daemon', 'test.echoserver']\n");
}

#[test]
fn wrong_usage_is_exit_2_and_says_why() {
    for (args, part) in [
        (&["call"][..], "URI"),
        (&["call", "nonsense", "echo"], "PYRO:object@host:port"),
        (&["call", "PYRO:x@host", "echo"], "port"),
        (&["call", "PYRO:x@host:1", "echo", "--timeout", "0"], "more than 0"),
        (&["call", "PYRO:x@host:1", "echo", "--timeout", "soon"], "not a number"),
        (&["call", "PYRO:x@host:1", "echo", "--serializer", "pickle"], "serpent, json, marshal, msgpack"),
        (&["call", "PYRO:x@host:1", "echo", "--protocol", "3"], "48, 502"),
        (&["call", "PYRO:x@host:1", "echo", "-x"], "-- -x"),
    ] {
        let outcome = run(args);
        assert_eq!(outcome.code, Some(2), "{args:?}");
        assert!(outcome.stderr.contains(part), "{}", outcome.stderr);
    }
    let (_server, uri) = Server::echo(&[]);
    let outcome = run(&["call", &uri, "echo", "a=1", "2"]);
    assert_eq!(outcome.code, Some(2));
    assert_eq!(outcome.stderr, "ferropyro: positional argument 2 follows a keyword argument\n");
}

#[test]
fn a_slow_call_ends_by_its_timeout_and_by_an_interrupt() {
    let (mut server, uri) = Server::echo(&["-v"]);
    let start = Instant::now();
    let outcome = run(&["call", "--timeout", "0.3", &uri, "slow"]);
    assert_eq!(outcome.code, Some(3));
    assert!(outcome.stderr.contains("no answer from"), "{}", outcome.stderr);
    server.until_end(" - slow: waiting a bit...");

    let call = Server::start(&["call", &uri, "slow"]);
    server.until_end(" - slow: waiting a bit...");
    call.signal(Signal::INT);
    assert!(matches!(call.end().code, None | Some(130)));
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
}

#[test]
fn inspect_shows_methods_oneway_methods_and_attributes() {
    let (_server, uri) = Server::echo(&[]);
    for (protocol, name) in [("48", "Pyro4 (protocol 48)"), ("502", "Pyro5 (protocol 502)")] {
        let shown = run(&["inspect", "--protocol", protocol, &uri]).success();
        // What the object says of itself comes behind.
        let names = shown.split_inclusive('\n').take(5).collect::<String>();
        assert_eq!(
            names,
            format!(
                "object:      {uri}\n\
                 protocol:    {name}\n\
                 methods:     __dunder__, echo, error, error_with_text, generator, inf, nan, shutdown, slow\n\
                 oneway:      oneway_echo, oneway_slow\n\
                 attributes:  verbose\n"
            )
        );
    }
    let (_names, location) = Server::names(&[]);
    let shown = run(&["inspect", &format!("PYRONAME:Pyro.NameServer@{location}")]).success();
    assert!(shown.contains("yplookup") && shown.contains("attributes:  -"), "{shown}");
}

#[test]
fn an_unknown_name_shows_the_names_that_come_close() {
    let (_names, location) = Server::names(&[]);
    let outcome = run(&["call", &format!("PYRONAME:Pyro.NamSever@{location}"), "ping"]);
    assert_eq!((outcome.code, outcome.stdout.as_str()), (Some(1), ""));
    let expected = "NamingError: unknown name: Pyro.NamSever\nThese come close: Pyro.NameServer\n";
    assert_eq!(outcome.stderr, expected);
    let outcome = run(&["call", &format!("PYROMETA:none@{location}"), "ping"]);
    assert_eq!(outcome.code, Some(1));
    assert!(outcome.stderr.contains("'none'") && outcome.stderr.contains("nsc list"), "{}", outcome.stderr);
}

#[test]
fn signed_calls_need_the_key_of_the_server() {
    let mut command = ferropyro(&["echoserver"]);
    let mut server = Server::spawn(command.env("PYRO_HMAC_KEY", "secret"));
    let uri = server.until("echo uri: ");
    server.until("echoserver running.");
    let call = |key: &str, protocol: &[&str]| {
        let args = [&["call", &uri, "echo", "1"], protocol].concat();
        ferropyro(&args).env("PYRO_HMAC_KEY", key).output().expect("it runs")
    };
    for protocol in [&[][..], &["--protocol", "48"]] {
        assert_eq!(call("secret", protocol).stdout, b"1\n", "{protocol:?}");
        let refused = call("wrong", protocol);
        assert_eq!(refused.status.code(), Some(1));
        assert!(String::from_utf8_lossy(&refused.stderr).contains("same key"));
    }
    let unsigned = run(&["call", &uri, "echo", "1"]);
    assert_eq!(unsigned.code, Some(1), "{}", unsigned.stderr);
}

//! A whole name server, asked by our own client.

use std::time::Duration;

use ferropyro::{AnyProxy, Client, Dialect, Value, args};

use super::*;
use crate::storage::StorageKind;

fn local() -> NameServerBuilder {
    NameServer::builder().host("127.0.0.1").port(0)
}

fn proxy(server: &NameServer, dialect: Dialect) -> AnyProxy {
    Client::builder().dialect(dialect).build().proxy(server.uri())
}

#[tokio::test]
async fn it_knows_itself_by_the_tags_of_both_dialects() {
    let server = local().start().await.expect("started");
    for dialect in Dialect::ALL {
        let names = proxy(&server, dialect);
        assert_eq!(names.call("count", ()).await.expect("counted"), Value::from(1));
        for class in ["class:Pyro4.naming.NameServer", "class:Pyro5.nameserver.NameServer"] {
            let tags: Value = [class].into_iter().collect();
            let found = names.call("list", args![metadata_all = tags]).await.expect("listed");
            let expected = Value::from(server.uri().to_string());
            assert_eq!(found.as_dict().and_then(|dict| dict.get(crate::NAME_SERVER)), Some(&expected));
        }
    }
    server.stop().await.expect("stopped");
}

#[tokio::test]
async fn each_dialect_gets_its_own_kind_of_tags() {
    let server = local().start().await.expect("started");
    let tags: Value = ["t"].into_iter().collect();
    let register = args!["a", "PYRO:a@h:1", metadata = tags];
    proxy(&server, Dialect::Pyro5).call("register", register).await.expect("registered");
    for (dialect, expected) in [
        (Dialect::Pyro4, Value::List(vec!["t".into()])),
        (Dialect::Pyro5, Value::Set(["t"].into_iter().collect())),
    ] {
        let found = proxy(&server, dialect).call("lookup", args!["a", true]).await.expect("found");
        assert_eq!(found.as_sequence().and_then(|pair| pair.get(1)), Some(&expected));
    }
    server.stop().await.expect("stopped");
}

#[tokio::test]
async fn our_client_registers_finds_and_removes() {
    let server = local().start().await.expect("started");
    let client = Client::new();
    let names = client.name_server_at(server.location().clone()).await.expect("found");
    let own = server.uri();
    names.register("self", &own).metadata(["tag", "other"]).await.expect("registered");
    names.register("self", &own).safe().await.expect_err("taken");
    for uri in
        [format!("PYRONAME:self@{}", server.location()), format!("PYROMETA:tag,other@{}", server.location())]
    {
        assert_eq!(client.resolve(&uri).await.expect("resolved"), own);
    }
    assert_eq!(names.list_regex("s.l").await.expect("listed").len(), 1);
    let error = names.list_regex("(?=s)").await.expect_err("refused");
    assert!(error.to_string().contains("look-ahead"), "{error}");
    assert_eq!(names.remove_prefix("s").await.expect("removed"), 1);
    let error = names.lookup("self").await.expect_err("unknown").to_string();
    assert!(error.contains("unknown name: self"), "{error}");
    server.stop().await.expect("stopped");
}

#[tokio::test]
async fn sixty_four_clients_at_once_are_served() {
    let server = local().start().await.expect("started");
    let mut clients = JoinSet::new();
    for number in 0..64 {
        let names = proxy(&server, Dialect::ALL[number % 2]);
        clients.spawn(async move {
            let name = format!("client{number}");
            for _ in 0..10 {
                names.call("register", args![&name, "PYRO:x@h:1"]).await.expect("registered");
                names.call("lookup", args![&name]).await.expect("found");
            }
        });
    }
    while let Some(outcome) = clients.join_next().await {
        outcome.expect("no panic");
    }
    assert_eq!(server.count(), 65);
    server.stop().await.expect("stopped");
}

#[tokio::test]
async fn names_in_a_database_are_there_again_after_a_restart() {
    let directory = tempfile::tempdir().expect("a directory");
    let storage = StorageKind::Sqlite(directory.path().join("names.sqlite"));
    let server = local().storage(storage.clone()).start().await.expect("started");
    let names = proxy(&server, Dialect::Pyro5);
    names.call("register", args!["a", "PYRO:a@h:1"]).await.expect("registered");
    let second = local().storage(storage.clone()).start().await.expect_err("the file is taken");
    assert!(second.to_string().contains("in use by another process"), "{second}");
    server.stop().await.expect("stopped");
    let server = local().storage(storage).start().await.expect("started again");
    assert_eq!(server.count(), 2);
    let found = proxy(&server, Dialect::Pyro5).call("lookup", args!["a"]).await.expect("found");
    assert_eq!(found, Value::from("PYRO:a@h:1".parse::<Uri>().expect("a URI")));
}

#[tokio::test]
async fn a_unix_socket_serves_too() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("ns").to_str().expect("a path").to_owned();
    let server = NameServer::builder().unix_socket(&*path).start().await.expect("started");
    assert_eq!(server.uri().to_string(), format!("PYRO:Pyro.NameServer@./u:{path}"));
    assert_eq!((server.local_addr(), server.broadcast()), (None, &Broadcast::Off));
    let pong = proxy(&server, Dialect::Pyro5).call("ping", ()).await.expect("alive");
    assert_eq!(pong, Value::None);
}

#[tokio::test]
async fn a_nat_address_is_handed_out_and_the_own_one_is_kept() {
    let server = local().nat("outside.example", 0).start().await.expect("started");
    let port = server.local_addr().expect("a port").port();
    assert_eq!(server.uri().to_string(), format!("PYRO:Pyro.NameServer@outside.example:{port}"));
    assert_eq!(server.internal_uri().to_string(), format!("PYRO:Pyro.NameServer@127.0.0.1:{port}"));
}

#[tokio::test]
async fn loopback_means_no_broadcasts_unless_a_host_is_named_for_them() {
    let server = local().start().await.expect("started");
    assert_eq!(server.broadcast(), &Broadcast::Loopback);
    let asked = local().broadcast_host("127.0.0.1").broadcast_port(0);
    let server = asked.clone().start().await.expect("started");
    let Broadcast::Running(Location::Tcp { port, .. }) = server.broadcast() else { panic!("it runs") };
    let socket = tokio::net::UdpSocket::bind("127.0.0.1:0").await.expect("bound");
    socket.send_to(b"GET_NSURI", ("127.0.0.1", *port)).await.expect("sent");
    let mut buffer = [0; 100];
    let len = socket.recv(&mut buffer).await.expect("received");
    assert_eq!(&buffer[..len], server.internal_uri().to_string().as_bytes());
    let server = asked.broadcast(false).start().await.expect("started");
    assert_eq!(server.broadcast(), &Broadcast::Loopback);
}

#[tokio::test]
async fn an_address_in_use_is_an_error_that_says_what_to_do() {
    let first = local().start().await.expect("started");
    let port = first.local_addr().expect("a port").port();
    let error = local().port(port).start().await.expect_err("taken").to_string();
    assert!(error.contains(&port.to_string()) && error.contains("port 0"), "{error}");
}

#[tokio::test]
async fn a_period_too_short_for_auto_clean_is_refused() {
    let error = local().autoclean(Duration::from_secs(1)).start().await.expect_err("too short");
    assert_eq!(error.to_string(), "NS_AUTOCLEAN cannot be smaller than 3");
}

#[tokio::test]
async fn ten_thousand_names_travel_in_one_list() {
    let server = local().start().await.expect("started");
    for number in 0..10_000 {
        let name = format!("name{number:06}");
        server
            .registry()
            .register(&name, "PYRO:x@h:1", false, ["t"].into_iter().collect())
            .expect("registered");
    }
    let names = proxy(&server, Dialect::Pyro5);
    let some = names.call("list", args![prefix = "name0012"]).await.expect("listed");
    assert_eq!(some.as_dict().map(|dict| dict.len()), Some(100));
    let all = names.call("list", args![return_metadata = true]).await.expect("listed");
    assert_eq!(all.as_dict().map(|dict| dict.len()), Some(10_001));
}

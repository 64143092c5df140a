//! Names across the bridge: each caller gets addresses that it can use, from our name server and beside another.
//!
//! A daemon of ours speaks both dialects, so that nothing needs a bridge here; where one is needed is tested
//! against the genuine programs, in the conformance suite.

use ferropyro::naming::NameServer as Names;
use ferropyro::{CallError, Client, Daemon, Dialect, Uri, Value, args, remote};
use ferropyro_bridge::Bridge;
use ferropyro_ns::{NameServer, Relay};

#[remote]
trait Robot {
    async fn walk(&self, steps: i64) -> i64;
}

struct Walker;

impl Robot for Walker {
    async fn walk(&self, steps: i64) -> i64 {
        steps
    }
}

async fn names(at: &Uri, dialect: Dialect) -> Names {
    let client = Client::builder().dialect(dialect).build();
    client.name_server_at(at.location().unwrap().clone()).await.unwrap()
}

#[tokio::test]
async fn the_name_server_serves_what_leads_through_it_and_changes_nothing_that_works() {
    let server =
        NameServer::builder().host("127.0.0.1").port(0).broadcast(false).bridge(true).start().await.unwrap();
    let daemon = Daemon::bind("127.0.0.1:0").await.unwrap();
    let robot: RobotProxy = daemon.serve("robot", Walker).unwrap();
    for dialect in Dialect::ALL {
        let names = names(&server.uri(), dialect).await;
        names.register("robot", robot.uri()).metadata(["walks"]).await.unwrap();
        assert_eq!(&names.lookup("robot").await.unwrap(), robot.uri());
        let found = names.yplookup_all(["walks"]).await.unwrap();
        assert_eq!(found.iter().map(|found| &*found.text).collect::<Vec<_>>(), [robot.uri().to_string()]);
        assert_eq!(names.lookup("Pyro.NameServer").await.unwrap(), server.uri());
        // An address through the bridge, made by hand.
        let through = format!("PYRO:bridge/robot%40{}@{}", daemon.location(), server.location());
        let robot: RobotProxy = Client::builder().dialect(dialect).build().lookup(&through).await.unwrap();
        assert_eq!(robot.walk(3).await.unwrap(), 3);
        // Registered as it leads through here, it is given out straight to those who can go straight.
        names.register("through", &through).await.unwrap();
        assert_eq!(&names.lookup("through").await.unwrap(), &daemon.uri_for("robot"));
        let gone = "PYRO:robot@127.0.0.1:1".parse::<Uri>().unwrap();
        names.register("gone", &gone).await.unwrap();
        assert_eq!(names.lookup("gone").await.unwrap(), gone);
    }
    server.stop().await.unwrap();
}

#[tokio::test]
async fn a_relay_answers_for_the_name_server_that_it_stands_beside() {
    let server = NameServer::builder().host("127.0.0.1").port(0).broadcast(false).start().await.unwrap();
    let behind = server.location().clone();
    let relay = Relay::start(Daemon::builder().listen("127.0.0.1:0"), Client::new(), behind).await.unwrap();
    let own = relay.uri_for("Pyro.NameServer");
    let theirs = names(&server.uri(), Dialect::Pyro5).await;
    let daemon = Daemon::bind("127.0.0.1:0").await.unwrap();
    let robot: RobotProxy = daemon.serve("robot", Walker).unwrap();
    for dialect in Dialect::ALL {
        let names = names(&own, dialect).await;
        names.register("robot", robot.uri()).metadata(["walks", "talks"]).await.unwrap();
        // What a Pyro4 program registers is for Pyro5's programs there, and leads through the bridge.
        let stored = theirs.lookup("robot").await.unwrap();
        assert_eq!(stored.location() == own.location(), dialect == Dialect::Pyro4, "{stored}");
        let proxy: RobotProxy = Client::new().lookup(&stored).await.unwrap();
        assert_eq!(proxy.walk(2).await.unwrap(), 2);
        // Whoever asks the relay goes straight to what speaks his dialect.
        assert_eq!(&names.lookup("robot").await.unwrap(), robot.uri());
        let found = names.lookup_with_metadata("robot").await.unwrap();
        assert_eq!(found.metadata.iter().collect::<Vec<_>>(), ["talks", "walks"]);
        assert_eq!(names.lookup("Pyro.NameServer").await.unwrap(), own);
        assert_eq!(names.list_prefix("rob").await.unwrap()[0].text, robot.uri().to_string());
        assert_eq!(names.list_regex("r.b").await.unwrap().len(), 1);
        assert_eq!(names.yplookup_any(["talks", "flies"]).await.unwrap().len(), 1);
        names.set_metadata("robot", ["rests"]).await.unwrap();
        assert!(names.yplookup_all(["walks"]).await.unwrap().is_empty());
        assert_eq!(names.count().await.unwrap(), 2);
        names.ping().await.unwrap();
        let taken = names.register("robot", robot.uri()).safe().await.unwrap_err();
        assert!(matches!(taken.kind(), CallError::Naming(_)), "{taken}");
        assert!(taken.to_string().contains("name already registered: robot"), "{taken}");
        assert_eq!(names.remove("robot").await.unwrap(), 1);
        assert_eq!(names.remove_prefix("rob").await.unwrap(), 0);
        let unknown = names.lookup("robot").await.unwrap_err();
        assert!(matches!(unknown.kind(), CallError::Naming(_)), "{unknown}");
        let wrong = names.proxy().call("lookup", args![Value::from(1)]).await.unwrap_err();
        assert_eq!(wrong.exception().unwrap().name(), "TypeError");
    }
    relay.shutdown();
    relay.run().await.unwrap();
    server.stop().await.unwrap();
}

#[tokio::test]
async fn a_place_that_is_known_is_not_asked_again_at_once() {
    let bridge = Bridge::new(Client::new());
    let middle = bridge.serve_on(Daemon::builder().listen("127.0.0.1:0")).bind().await.unwrap();
    bridge.lead_through(&middle);
    let daemon = Daemon::bind("127.0.0.1:0").await.unwrap();
    let uri = daemon.uri_for("robot");
    assert_eq!(bridge.for_dialect(&uri, Dialect::Pyro4).await, uri);
    daemon.shutdown();
    daemon.run().await.unwrap();
    // It is known, and nobody is asked: this answers although nobody is there.
    assert_eq!(bridge.for_dialect(&uri, Dialect::Pyro4).await, uri);
}

//! Errors: whoever waits is told, in time, and in words that lead to the cause.

use std::time::Duration;

use ferropyro::server::Methods;
use ferropyro::{CallError, Client, Codec, Daemon, Exception, RemoteError, Value, args, remote};

use crate::desk::Office;
use crate::limit::within;

#[derive(Debug, PartialEq, thiserror::Error, RemoteError)]
#[error("battery at {level} %")]
#[exception("robots.BatteryError")]
struct BatteryError {
    level: i64,
}

#[remote]
trait Robot {
    async fn walk(&self) -> Result<i64, BatteryError>;
    async fn fall(&self) -> i64;
    fn fall_blocking(&self) -> i64;
}

struct Tired;

impl Robot for Tired {
    async fn walk(&self) -> Result<i64, BatteryError> {
        Err(BatteryError { level: 3 })
    }

    async fn fall(&self) -> i64 {
        panic!("fell")
    }

    fn fall_blocking(&self) -> i64 {
        panic!("fell")
    }
}

async fn robot() -> (Daemon, RobotProxy) {
    let daemon = Daemon::bind("127.0.0.1:0").await.unwrap();
    let own: RobotProxy = daemon.serve("robot", Tired).unwrap();
    let robot = Client::new().lookup(own.uri()).await.unwrap();
    (daemon, robot)
}

#[tokio::test]
async fn p4_106_an_exception_brings_its_traceback() {
    let (daemon, robot) = robot().await;
    let error = within(robot.fall()).await.unwrap_err();
    let traceback = error.exception().unwrap().traceback();
    // Where: on which daemon, in which method of which object.
    assert!(traceback.contains(&daemon.location().to_string()), "{traceback}");
    assert!(traceback.contains("object \"robot\", in fall"), "{traceback}");
    // What Python code raised comes as it is.
    let lines = ["Traceback (most recent call last):\n", "  File \"thing.py\", line 7, in deep\n", "no\n"];
    let raising = Methods::new("Raising").method("deep", move |_| async move {
        Err::<Value, _>(Exception::new("ValueError", "no").with_traceback(lines))
    });
    let uri = daemon.register("raising", raising).unwrap();
    let error = within(Client::new().proxy(&uri).call("deep", ())).await.unwrap_err();
    assert_eq!(error.exception().unwrap().traceback(), lines.concat());
}

#[tokio::test]
async fn p4_201_an_exception_of_an_own_class_has_its_traceback_too() {
    let (_daemon, robot) = robot().await;
    // Typed, for who knows the type.
    assert!(matches!(within(robot.walk()).await, Err(CallError::Remote(BatteryError { level: 3 }))));
    // For all others an exception of the named class, attributes and traceback included.
    let error = within(robot.call("walk", ())).await.unwrap_err();
    let exception = error.exception().unwrap();
    assert_eq!(exception.class(), "robots.BatteryError");
    assert_eq!(exception.attributes().get("level"), Some(&Value::from(3)));
    assert!(exception.traceback().contains("in walk"), "{}", exception.traceback());
}

#[tokio::test]
async fn p4_27_whatever_happens_in_a_method_its_caller_is_answered() {
    let (_daemon, robot) = robot().await;
    assert!(within(robot.walk()).await.is_err());
    for fall in [robot.fall(), robot.fall_blocking()] {
        let error = within(fall).await.unwrap_err();
        assert_eq!(error.to_string(), "RuntimeError: fell");
    }
    let wrong = within(robot.call("walk", args!["far"])).await.unwrap_err();
    assert_eq!(wrong.exception().unwrap().name(), "TypeError");
    assert!(within(robot.walk()).await.is_err());
}

#[tokio::test]
async fn p4_172_a_timeout_is_the_matter_of_its_caller_alone() {
    let office = Office::open().await;
    let other = tokio::spawn(office.proxy().await.wait().into_future());
    within(office.clerk.see()).await;
    let hurried = office.proxy().await;
    let error = within(hurried.wait().timeout(Duration::from_millis(20))).await.unwrap_err();
    assert!(matches!(error, CallError::Timeout { .. }), "{error}");
    // It goes on with the daemon, and so do the others.
    assert_eq!(within(hurried.add(1)).await.unwrap(), 1);
    office.clerk.go.add_permits(2);
    assert_eq!(within(other).await.unwrap().unwrap(), "done");
}

#[tokio::test]
async fn p4_177_a_serializer_that_is_not_accepted_is_named_also_by_a_lookup() {
    let daemon = Daemon::builder().listen("127.0.0.1:0").accept_codecs([Codec::Json]).bind().await.unwrap();
    daemon.register("Pyro.NameServer", Methods::new("Names").method("ping", async |_| Ok(()))).unwrap();
    let client = Client::builder().serializer(Codec::Serpent).build();
    let direct =
        within(client.proxy(daemon.uri_for("Pyro.NameServer")).bind()).await.unwrap_err().to_string();
    let lookup = within(client.name_server_at(daemon.location().clone())).await.unwrap_err().to_string();
    for text in [direct, lookup] {
        assert!(text.contains("does not accept serpent") && text.contains("json"), "{text}");
    }
    let json = Client::builder().serializer(Codec::Json).build();
    assert!(within(json.name_server_at(daemon.location().clone())).await.is_ok());
}

#[tokio::test]
async fn p5_97_an_object_that_exposes_nothing_is_named() {
    let daemon = Daemon::bind("127.0.0.1:0").await.unwrap();
    let uri = daemon.register("empty", Methods::new("Empty")).unwrap();
    let error = within(Client::new().proxy(&uri).bind()).await.unwrap_err();
    assert!(error.to_string().contains(&uri.to_string()), "{error}");
}

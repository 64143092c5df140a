//! Calls across the bridge: everything that a call can carry arrives as it would without one.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use ferropyro::client::Client;
use ferropyro::server::{DaemonBuilder, Methods};
use ferropyro::{
    AnyProxy, CallError, Codec, Daemon, Dialect, Exception, Instances, RemoteError, Stream, Uri, Value, args,
    remote,
};
use ferropyro_bridge::Bridge;
use tokio::sync::Notify;

#[remote]
trait Robot {
    async fn walk(&self, steps: i64, #[default(1)] speed: i64) -> i64;
    async fn fail(&self) -> Result<i64, RobotError>;
    async fn path(&self, to: i64) -> Stream<i64>;
    async fn meet(&self, other: RobotProxy) -> Result<i64, Exception>;
    async fn twin(&self) -> RobotProxy;
    async fn echo(&self, value: Value) -> Value;
    async fn calls(&self) -> u64;
    #[oneway]
    async fn note(&self, line: String);
    #[attr]
    async fn name(&self) -> String;
    #[attr(set)]
    async fn set_name(&self, name: String);
    async fn stamp(&self) -> String;
    async fn codec(&self) -> String;
}

#[derive(Debug, PartialEq, thiserror::Error, RemoteError)]
#[error("battery at {level} %")]
#[exception("robots.BatteryError")]
struct RobotError {
    level: i64,
}

#[derive(Default)]
struct Walker {
    daemon: Option<Daemon>,
    name: Mutex<String>,
    notes: Arc<Notify>,
    calls: AtomicUsize,
}

impl Robot for Walker {
    async fn walk(&self, steps: i64, speed: i64) -> i64 {
        steps * speed
    }

    async fn fail(&self) -> Result<i64, RobotError> {
        Err(RobotError { level: 3 })
    }

    async fn path(&self, to: i64) -> Stream<i64> {
        Stream::from_items(1..=to)
    }

    async fn meet(&self, other: RobotProxy) -> Result<i64, Exception> {
        Ok(other.walk(20).arg("speed", 2).await?)
    }

    async fn twin(&self) -> RobotProxy {
        let daemon = self.daemon.as_ref().expect("it is served");
        daemon.export(Self { name: Mutex::new("twin".to_owned()), ..Self::default() }).expect("exported")
    }

    async fn echo(&self, value: Value) -> Value {
        value
    }

    async fn calls(&self) -> u64 {
        self.calls.fetch_add(1, Ordering::SeqCst) as u64 + 1
    }

    async fn note(&self, _: String) {
        self.notes.notify_one();
    }

    async fn name(&self) -> String {
        self.name.lock().unwrap().clone()
    }

    async fn set_name(&self, name: String) {
        *self.name.lock().unwrap() = name;
    }

    async fn codec(&self) -> String {
        ferropyro::context().expect("a call").codec().name().to_owned()
    }

    async fn stamp(&self) -> String {
        let context = ferropyro::context().expect("a call");
        let seen = context.annotations().get(*b"USER").map(|data| String::from_utf8_lossy(data).into_owned());
        context.annotate_response(*b"BACK", "there");
        format!("{} {}", seen.unwrap_or_default(), context.correlation_id())
    }
}

fn loopback() -> DaemonBuilder {
    Daemon::builder().listen("127.0.0.1:0")
}

struct Site {
    bridge: Bridge,
    /// The daemon that the bridge is on.
    middle: Daemon,
    /// The robot's daemon.
    far: Daemon,
    notes: Arc<Notify>,
}

impl Site {
    async fn new() -> Self {
        Self::with(loopback()).await
    }

    /// With a daemon of the robot's that is like this.
    async fn with(far: DaemonBuilder) -> Self {
        let bridge = Bridge::new(Client::new());
        let middle = bridge.serve_on(Daemon::builder().listen("127.0.0.1:0")).bind().await.unwrap();
        bridge.lead_through(&middle);
        let far = far.bind().await.unwrap();
        let notes = Arc::<Notify>::default();
        let walker = Walker { daemon: Some(far.clone()), notes: Arc::clone(&notes), ..Walker::default() };
        let _: RobotProxy = far.serve("robot", walker).unwrap();
        let counted = Instances::per_session(Walker::default);
        let _: RobotProxy = far.serve("counted", counted).unwrap();
        Self { bridge, middle, far, notes }
    }

    fn address(&self, id: &str) -> Uri {
        self.bridge.across(&self.far.uri_for(id))
    }

    async fn proxy(&self, id: &str, dialect: Dialect) -> RobotProxy {
        Client::builder().dialect(dialect).build().lookup(self.address(id)).await.unwrap()
    }
}

#[tokio::test]
async fn calls_attributes_and_exceptions_go_across() {
    let site = Site::new().await;
    for dialect in Dialect::ALL {
        let robot = site.proxy("robot", dialect).await;
        assert_eq!(robot.walk(3).await.unwrap(), 3);
        assert_eq!(robot.walk(3).arg("speed", 4).await.unwrap(), 12);
        robot.set_name("rob").await.unwrap();
        assert_eq!(robot.name().await.unwrap(), "rob");
        // The error keeps its type, and its traceback that of the far side.
        assert!(matches!(robot.fail().await, Err(CallError::Remote(RobotError { level: 3 }))));
        let error = robot.call("fail", ()).await.unwrap_err();
        let exception = error.exception().unwrap();
        assert_eq!(
            (exception.class(), exception.attributes().get("level")),
            ("robots.BatteryError", Some(&3.into()))
        );
        assert!(exception.traceback().contains("object \"robot\", in fail"), "{}", exception.traceback());
        let wrong = robot.call("walk", args!["far"]).await.unwrap_err();
        assert_eq!(wrong.to_string(), "TypeError: walk() argument 'steps': expected int, got str");
        assert!(matches!(robot.call("nope", ()).await, Err(CallError::NoSuchMember { .. })));
    }
}

#[tokio::test]
async fn streams_batches_and_oneway_calls_go_across() {
    let site = Site::new().await;
    for dialect in Dialect::ALL {
        let robot = site.proxy("robot", dialect).await;
        let mut path = robot.path(3).await.unwrap();
        let mut steps = Vec::new();
        while let Some(step) = path.next().await {
            steps.push(step.unwrap());
        }
        assert_eq!(steps, [1, 2, 3]);
        let (walked, failed, skipped) =
            robot.batch((robot.walk(2), robot.fail(), robot.walk(3))).await.unwrap();
        assert_eq!(walked.unwrap(), 2);
        assert!(matches!(failed, Err(CallError::Remote(RobotError { level: 3 }))));
        assert!(matches!(skipped, Err(CallError::Skipped { after: 2, .. })));
        robot.note("x").await.unwrap();
        robot.flush().await.unwrap();
        site.notes.notified().await;
    }
}

#[tokio::test]
async fn references_lead_through_the_bridge_and_back() {
    let site = Site::new().await;
    let near = Daemon::bind("127.0.0.1:0").await.unwrap();
    let mine: RobotProxy = near.export(Walker::default()).unwrap();
    for dialect in Dialect::ALL {
        let robot = site.proxy("robot", dialect).await;
        // A callback: the far robot calls ours, through the bridge.
        assert_eq!(robot.meet(&mine).await.unwrap(), 40);
        // A result: what comes back leads through the bridge too.
        let twin = robot.twin().await.unwrap();
        assert_eq!(twin.uri().location(), site.address("robot").location());
        assert_eq!(twin.name().await.unwrap(), "twin");
        // Back and forth is where it began.
        let echoed = robot.echo(Value::from(&*mine)).await.unwrap();
        let Value::Proxy(echoed) = echoed else { panic!("a proxy") };
        assert_eq!(&echoed.uri, mine.uri());
        let nested = Value::from_iter([Value::from_iter([("uri", Value::from(mine.uri().clone()))])]);
        assert_eq!(robot.echo(nested.clone()).await.unwrap(), nested);
    }
    assert_eq!(site.middle.registered(), ["Pyro.Daemon"]);
}

#[tokio::test]
async fn each_caller_has_a_session_of_its_own_behind_the_bridge() {
    let site = Site::new().await;
    for dialect in Dialect::ALL {
        let (one, two) = (site.proxy("counted", dialect).await, site.proxy("counted", dialect).await);
        assert_eq!(one.calls().await.unwrap(), 1);
        assert_eq!(one.calls().await.unwrap(), 2);
        assert_eq!(two.calls().await.unwrap(), 1);
        drop((one, two));
        while site.far.connections() > 0 {
            tokio::task::yield_now().await;
        }
    }
}

#[tokio::test]
async fn annotations_and_correlation_ids_go_across() {
    let site = Site::new().await;
    for dialect in Dialect::ALL {
        let robot = site.proxy("robot", dialect).await;
        let id = ferropyro::Uuid::from_u128(7);
        let call = robot.stamp().annotate(*b"USER", "me").correlation(id);
        let (stamp, annotations) = call.with_annotations().await.unwrap();
        assert_eq!(stamp, format!("me {id}"));
        assert_eq!(annotations.get(*b"BACK").map(|data| &data[..]), Some(&b"there"[..]));
    }
}

#[tokio::test]
async fn what_is_not_there_is_told_with_its_side() {
    let site = Site::new().await;
    let gone: Uri = "PYRO:robot@127.0.0.1:1".parse().unwrap();
    for (behind, reason) in [
        (gone, "the bridge cannot reach PYRO:robot@127.0.0.1:1"),
        (site.far.uri_for("nobody"), "unknown object"),
    ] {
        for dialect in Dialect::ALL {
            let client = Client::builder().dialect(dialect).build();
            let robot: AnyProxy = client.lookup_any(site.bridge.across(&behind)).await.unwrap();
            let error = robot.call("walk", args![1]).await.unwrap_err();
            assert!(
                matches!(error, CallError::Refused { .. }) && error.to_string().contains(reason),
                "{error}"
            );
        }
    }
}

#[tokio::test]
async fn a_bridge_that_was_started_again_serves_the_ids_of_the_one_before() {
    let site = Site::new().await;
    let address = site.address("robot");
    site.middle.shutdown();
    site.middle.run().await.unwrap();
    let again = Bridge::new(Client::new());
    let location = address.location().unwrap().to_string();
    let middle = again.serve_on(Daemon::builder().listen(location)).bind().await.unwrap();
    again.lead_through(&middle);
    let robot: RobotProxy = Client::new().lookup(&address).await.unwrap();
    assert_eq!(robot.walk(5).await.unwrap(), 5);
}

#[tokio::test]
async fn an_address_is_bridged_only_for_those_who_need_it() {
    let site = Site::new().await;
    let far = site.far.uri_for("robot");
    for dialect in Dialect::ALL {
        // A daemon of ours speaks both.
        assert_eq!(site.bridge.for_dialect(&far, dialect).await, far);
        let gone: Uri = "PYRO:robot@127.0.0.1:1".parse().unwrap();
        assert_eq!(site.bridge.for_dialect(&gone, dialect).await, gone);
    }
}

#[tokio::test]
async fn what_is_behind_is_spoken_to_in_the_caller_s_serializer() {
    let site = Site::new().await;
    let address = site.address("robot");
    for codec in Codec::ALL {
        let client = Client::builder().serializer(codec).build();
        let robot: RobotProxy = client.lookup(&address).await.unwrap();
        assert_eq!(robot.codec().await.unwrap(), codec.name());
    }
    // Also on one connection.
    let robot = site.proxy("counted", Dialect::Pyro5).await;
    let codecs = [Codec::Msgpack, Codec::Serpent, Codec::Json];
    for (codec, count) in codecs.into_iter().zip(1..) {
        let robot = robot.with_codec(codec);
        let spoken = robot.call("codec", ()).await.unwrap();
        assert_eq!(
            (spoken.as_str(), robot.call("calls", ()).await.unwrap()),
            (Some(codec.name()), count.into())
        );
    }
}

#[tokio::test]
async fn a_serializer_that_is_refused_behind_is_replaced_by_another() {
    for only in [Codec::Json, Codec::Serpent] {
        let site = Site::with(loopback().accept_codecs([only])).await;
        let address = site.address("robot");
        for (dialect, codec) in
            Dialect::ALL.into_iter().flat_map(|dialect| Codec::ALL.map(|codec| (dialect, codec)))
        {
            let client = Client::builder().dialect(dialect).serializer(codec).build();
            let robot: RobotProxy = client.lookup(&address).await.unwrap();
            // The first of all has no answer that would tell.
            robot.note("x").await.unwrap();
            robot.flush().await.unwrap();
            site.notes.notified().await;
            assert_eq!(robot.codec().await.unwrap(), only.name());
        }
    }
}

#[tokio::test]
async fn a_caller_takes_one_connection_behind_the_bridge() {
    let made = Arc::<AtomicUsize>::default();
    let counting = Arc::clone(&made);
    let site = Site::with(loopback().validator(move |_| {
        counting.fetch_add(1, Ordering::SeqCst);
        Ok("hello".into())
    }))
    .await;
    for (dialect, count) in Dialect::ALL.into_iter().zip(1..) {
        let robot = site.proxy("robot", dialect).await;
        assert_eq!(robot.walk(3).await.unwrap(), 3);
        assert_eq!(robot.walk(4).await.unwrap(), 4);
        assert_eq!(made.load(Ordering::SeqCst), count);
    }
}

#[tokio::test]
async fn an_object_that_offers_nothing_is_told_as_without_a_bridge() {
    let site = Site::new().await;
    site.far.register("bare", Methods::new("Bare")).unwrap();
    let bare = Client::new().proxy(site.address("bare"));
    let error = bare.bind().await.unwrap_err();
    assert!(error.to_string().contains("doesn't expose any methods"), "{error}");
    assert!(!error.to_string().contains("rejected"), "{error}");
}

#[tokio::test]
async fn callers_lose_their_connection_when_the_one_behind_is_lost() {
    for dialect in Dialect::ALL {
        let site = Site::new().await;
        let robot = site.proxy("counted", dialect).await;
        assert_eq!(robot.calls().await.unwrap(), 1);
        let other = site.proxy("robot", dialect).await;
        let mut path = other.path(1000).await.unwrap();
        assert_eq!(path.next().await.unwrap().unwrap(), 1);
        let port = site.far.local_addr().unwrap().port();
        site.far.shutdown();
        site.far.run().await.unwrap();
        let error = loop {
            match robot.calls().await {
                // The bridge has not heard yet.
                Ok(_) => {}
                Err(error) => break error,
            }
        };
        let end = loop {
            match path.next().await.unwrap() {
                Ok(_) => {}
                Err(error) => break error,
            }
        };
        assert!(matches!(end, CallError::Closed { .. }), "{end:?}");
        let gone = robot.calls().await.unwrap_err();
        assert!(matches!(error, CallError::Closed { .. } | CallError::Refused { .. }), "{error:?}");
        assert!(matches!(gone, CallError::Refused { .. }), "{gone:?}");
        assert!(gone.to_string().contains("the bridge cannot reach"), "{gone}");
        let _again = Site::with(Daemon::builder().listen(format!("127.0.0.1:{port}"))).await;
        assert_eq!(robot.calls().await.unwrap(), 1);
    }
}

#[tokio::test]
async fn a_daemon_on_all_addresses_leads_to_one_that_others_can_reach() {
    let site = Site::new().await;
    let bridge = Bridge::new(Client::new());
    let middle = bridge.serve_on(Daemon::builder().listen("0.0.0.0:0")).bind().await.unwrap();
    bridge.lead_through(&middle);
    let address = bridge.across(&site.far.uri_for("robot"));
    assert!(!address.to_string().contains("0.0.0.0"), "{address}");
    let robot: RobotProxy = Client::new().lookup(&address).await.unwrap();
    assert_eq!(robot.walk(3).await.unwrap(), 3);
    assert_eq!(bridge.across(&address), site.far.uri_for("robot"));
}

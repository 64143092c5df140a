//! Objects: what is served, which one answers, and when it goes.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use ferropyro::server::Methods;
use ferropyro::{CallError, Client, Codec, Daemon, Exception, Instances, args, context, remote};

use crate::desk::{Clerk, DeskProxy, Office};
use crate::limit::{until, within};

#[remote]
trait Block {
    async fn size(&self) -> u64;
}

/// A large object, counted while it is there.
struct Large(Arc<AtomicUsize>);

impl Large {
    fn new(alive: &Arc<AtomicUsize>) -> Self {
        alive.fetch_add(1, Ordering::SeqCst);
        Self(Arc::clone(alive))
    }
}

impl Drop for Large {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Block for Large {
    async fn size(&self) -> u64 {
        500_000_000
    }
}

#[remote]
trait Factory {
    async fn create(&self) -> Result<BlockProxy, Exception>;
}

struct Works(Arc<AtomicUsize>);

/// An object that is served for as long as this is kept.
struct Lent {
    daemon: Daemon,
    block: BlockProxy,
}

impl Drop for Lent {
    fn drop(&mut self) {
        self.daemon.unregister(&self.block);
    }
}

/// What was made for one session.
#[derive(Default)]
struct Shelf(Mutex<Vec<Lent>>);

impl Factory for Works {
    async fn create(&self) -> Result<BlockProxy, Exception> {
        let context = context().unwrap();
        let daemon = context.daemon().unwrap();
        let block: BlockProxy = daemon.export(Large::new(&self.0))?;
        let shelf = context.resource(|| Ok::<_, Exception>(Shelf::default()))?;
        shelf.0.lock().unwrap().push(Lent { daemon, block: block.clone() });
        Ok(block)
    }
}

#[tokio::test]
async fn p4_111_objects_that_were_made_for_a_client_go_with_its_session() {
    let alive = Arc::<AtomicUsize>::default();
    let daemon = Daemon::bind("127.0.0.1:0").await.unwrap();
    let own: FactoryProxy = daemon.serve("factory", Works(Arc::clone(&alive))).unwrap();
    let factory: FactoryProxy = Client::new().lookup(own.uri()).await.unwrap();
    let blocks = [within(factory.create()).await.unwrap(), within(factory.create()).await.unwrap()];
    for block in &blocks {
        assert_eq!(within(block.size()).await.unwrap(), 500_000_000);
    }
    assert_eq!((alive.load(Ordering::SeqCst), daemon.registered().len()), (2, 4));
    drop(factory);
    until(|| alive.load(Ordering::SeqCst) == 0).await;
    assert_eq!(daemon.registered(), ["Pyro.Daemon", "factory"]);
    let gone = within(blocks[0].size()).await.unwrap_err();
    assert!(gone.to_string().contains("unknown object"), "{gone}");
}

#[remote]
trait Gauge {
    async fn read(&self) -> (i64, String);
}

struct Tube {
    offset: i64,
    label: String,
}

impl Gauge for Tube {
    async fn read(&self) -> (i64, String) {
        (self.offset, self.label.clone())
    }
}

#[tokio::test]
async fn p4_161_objects_that_are_made_for_callers_are_made_with_arguments() {
    let daemon = Daemon::bind("127.0.0.1:0").await.unwrap();
    let (offset, label) = (10, "test".to_owned());
    let create = move || Tube { offset, label: label.clone() };
    let own: GaugeProxy = daemon.serve("gauge", Instances::per_session(create)).unwrap();
    let gauge: GaugeProxy = Client::new().lookup(own.uri()).await.unwrap();
    assert_eq!(within(gauge.read()).await.unwrap(), (10, "test".to_owned()));
}

#[tokio::test]
async fn p5_62_a_program_that_was_started_again_finds_the_same_object() {
    let office = Office::open().await;
    let before = office.proxy().await;
    assert_eq!(within(before.add(5)).await.unwrap(), 5);
    drop(before);
    until(|| office.daemon.connections() == 0).await;
    assert_eq!(within(office.proxy().await.add(0)).await.unwrap(), 5);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn p4_230_many_first_calls_at_once_make_one_object() {
    let made = Arc::<AtomicUsize>::default();
    let daemon = Daemon::bind("127.0.0.1:0").await.unwrap();
    let counted = Arc::clone(&made);
    let create = move || Large::new(&counted);
    // One session: that of the daemon's own proxy, which many tasks share.
    let own: BlockProxy = daemon.serve("block", Instances::per_session(create)).unwrap();
    let calls: Vec<_> = (0..32).map(|_| tokio::spawn(own.size().into_future())).collect();
    for call in calls {
        within(call).await.unwrap().unwrap();
    }
    assert_eq!(made.load(Ordering::SeqCst), 1);
}

/// What callers may use of a type that knows nothing of remote objects.
#[remote]
trait Words {
    async fn push(&self, word: String);
    async fn all(&self) -> Vec<String>;
}

/// The type is the standard library's.
impl Words for Mutex<Vec<String>> {
    async fn push(&self, word: String) {
        self.lock().unwrap().push(word);
    }

    async fn all(&self) -> Vec<String> {
        self.lock().unwrap().clone()
    }
}

#[tokio::test]
async fn p4_120_a_type_of_somebody_else_is_served_without_being_changed() {
    let daemon = Daemon::bind("127.0.0.1:0").await.unwrap();
    let own: WordsProxy = daemon.serve("words", Mutex::new(Vec::new())).unwrap();
    let words: WordsProxy = Client::new().lookup(own.uri()).await.unwrap();
    within(words.push("one")).await.unwrap();
    assert_eq!(within(words.all()).await.unwrap(), ["one"]);
    // Nothing but what the trait names.
    let error = within(words.call("lock", ())).await.unwrap_err();
    assert!(matches!(error, CallError::NoSuchMember { .. }), "{error}");
}

#[tokio::test]
async fn p5_85_two_objects_of_one_type_are_served_side_by_side() {
    let daemon = Daemon::bind("127.0.0.1:0").await.unwrap();
    let first: DeskProxy = daemon.serve("first", Clerk::default()).unwrap();
    let second: DeskProxy = daemon.export(Clerk::default()).unwrap();
    assert_ne!(first, second);
    for (own, count) in [(first, 1), (second, 2)] {
        let desk: DeskProxy = Client::new().lookup(own.uri()).await.unwrap();
        within(desk.add(count)).await.unwrap();
        assert_eq!(within(desk.add(0)).await.unwrap(), count);
    }
}

#[tokio::test]
async fn p4_47_an_object_is_replaced_under_its_id_while_clients_are_connected() {
    let version = |number: i64| Methods::new("Thing").method("version", move |_| async move { Ok(number) });
    let daemon = Daemon::bind("127.0.0.1:0").await.unwrap();
    let uri = daemon.register("thing", version(1)).unwrap();
    let thing = Client::new().proxy(&uri);
    assert_eq!(within(thing.call("version", ()).cast::<i64>()).await.unwrap(), 1);
    assert_eq!(daemon.replace("thing", version(2)), uri);
    assert_eq!(within(thing.call("version", ()).cast::<i64>()).await.unwrap(), 2);
    assert!(daemon.unregister("thing").is_some());
    assert_eq!(daemon.register("thing", version(3)).unwrap(), uri);
    assert_eq!(within(thing.call("version", ()).cast::<i64>()).await.unwrap(), 3);
}

#[tokio::test]
async fn p5_60_objects_of_the_same_id_on_two_daemons_are_not_mixed_up() {
    let offices = [Office::open().await, Office::open().await];
    let client = Client::new();
    let first: DeskProxy = client.lookup(offices[0].own.uri()).await.unwrap();
    let second: DeskProxy = client.lookup(offices[1].own.uri()).await.unwrap();
    for count in 1..=3 {
        assert_eq!(within(first.add(1)).await.unwrap(), count);
        assert_eq!(within(second.add(10)).await.unwrap(), count * 10);
    }
}

#[tokio::test]
async fn p5_3_daemons_of_one_program_have_settings_of_their_own() {
    let builder = Daemon::builder().listen("127.0.0.1:0");
    let open = Office::on(builder.clone().bind().await.unwrap());
    let builder = builder.accept_codecs([Codec::Json]).max_message_size(10_000);
    let strict = Office::on(builder.bind().await.unwrap());
    let serpent = Client::builder().serializer(Codec::Serpent).build();
    let json = Client::builder().serializer(Codec::Json).build();
    let long = "x".repeat(20_000);
    let ask = async |client: &Client, office: &Office, text: &str| {
        let desk: DeskProxy = client.lookup(office.own.uri()).await.unwrap();
        within(desk.call("echo", args![text]).cast::<String>()).await
    };
    assert!(ask(&serpent, &open, &long).await.is_ok());
    assert!(ask(&serpent, &strict, "short").await.is_err());
    assert!(ask(&json, &strict, "short").await.is_ok());
    assert!(ask(&json, &strict, &long).await.is_err());
}

/// Tells fortunes.
#[remote]
trait Fortune {
    /// Tells one.
    async fn tell(&self, name: String, #[default(1)] lines: u32) -> String;
}

struct Teller;

impl Fortune for Teller {
    async fn tell(&self, name: String, lines: u32) -> String {
        format!("{name}: {lines}")
    }
}

#[tokio::test]
async fn p5_104_documentation_and_parameters_are_read_from_afar() {
    let daemon = Daemon::bind("127.0.0.1:0").await.unwrap();
    let own: FortuneProxy = daemon.serve("fortune", Teller).unwrap();
    // By somebody who knows nothing of the type.
    let any = Client::new().proxy(own.uri());
    let interface = within(any.describe()).await.unwrap();
    assert_eq!(interface.type_doc(), Some("Tells fortunes."));
    let (_, tell) = interface.find_method("tell").unwrap();
    assert_eq!(tell.doc.as_deref(), Some("Tells one."));
    assert_eq!(tell.parameters.as_deref(), Some(["name".to_owned(), "lines".to_owned()].as_slice()));
    assert_eq!(tell.optional, 1);
}

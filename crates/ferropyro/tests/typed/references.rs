//! References: proxies as arguments and results, in collections and structs, compared, called directly.

use std::collections::HashSet;
use std::sync::Arc;

use ferropyro::{AnyProxy, CallError, Client, Daemon, Instances, Proxy, args, remote};

use crate::shop::{Corner, Group, Served, ShopProxy};

#[remote]
trait Observer {
    async fn told(&self, what: String) -> usize;
}

#[derive(Default)]
struct Ear(std::sync::Mutex<Vec<String>>);

impl Observer for Ear {
    async fn told(&self, what: String) -> usize {
        let mut heard = self.0.lock().unwrap();
        heard.push(what);
        heard.len()
    }
}

#[remote]
trait Speaker {
    async fn tell(&self, observer: ObserverProxy, what: String) -> Result<usize, ferropyro::Exception>;
    /// Whether the observer is called directly.
    async fn is_own(&self, observer: ObserverProxy) -> bool;
}

struct Mouth;

impl Speaker for Mouth {
    async fn tell(&self, observer: ObserverProxy, what: String) -> Result<usize, ferropyro::Exception> {
        Ok(observer.told(what).await?)
    }

    async fn is_own(&self, observer: ObserverProxy) -> bool {
        observer.is_local()
    }
}

#[tokio::test]
async fn a_callback_goes_to_an_object_of_the_callers_daemon() {
    let theirs = Daemon::bind("127.0.0.1:0").await.unwrap();
    let own: SpeakerProxy = theirs.serve("speaker", Mouth).unwrap();
    let speaker: SpeakerProxy = Client::new().lookup(own.uri()).await.unwrap();
    let ours = Daemon::bind("127.0.0.1:0").await.unwrap();
    let ear: ObserverProxy = ours.export(Ear::default()).unwrap();
    assert_eq!(speaker.tell(&ear, "a").await.unwrap(), 1);
    assert_eq!(speaker.tell(ear.clone(), "b").await.unwrap(), 2);
    assert!(!speaker.is_own(&ear).await.unwrap());
    assert!(ours.unregister(&ear).is_some());
    let gone = speaker.tell(&ear, "c").await.unwrap_err();
    assert!(gone.to_string().contains("unknown object"), "{gone}");
}

#[tokio::test]
async fn a_reference_to_an_object_of_the_same_daemon_is_called_directly() {
    let daemon = Daemon::bind("127.0.0.1:0").await.unwrap();
    let own: SpeakerProxy = daemon.serve("speaker", Mouth).unwrap();
    let ear: ObserverProxy = daemon.serve("ear", Ear::default()).unwrap();
    let speaker: SpeakerProxy = Client::new().lookup(own.uri()).await.unwrap();
    assert!(speaker.is_own(&ear).await.unwrap());
    let remote: ObserverProxy = Client::new().lookup(ear.uri()).await.unwrap();
    assert!(speaker.is_own(&remote).await.unwrap());
    // Only the speaker's caller has a connection.
    assert_eq!(speaker.tell(&remote, "x").await.unwrap(), 1);
    assert_eq!(daemon.connections(), 1);
}

#[tokio::test]
async fn references_travel_in_structs_and_collections() {
    let served = Served::new().await;
    let other: ShopProxy = served.daemon.serve("other", Corner::default()).unwrap();
    for shop in served.all() {
        let group = Group { leader: other.clone(), others: vec![served.local.clone(), other.clone()] };
        let friends = shop.friends(group).await.unwrap();
        assert_eq!(friends.len(), 3);
        assert_eq!(friends["leader"], other);
        assert_eq!(friends["0"], served.local);
        assert_eq!(friends["leader"].price("tea").await.unwrap(), 6);
        let back = shop.introduce(&other).await.unwrap();
        assert_eq!(back, other);
        assert_eq!(back.price("tea").await.unwrap(), 6);
    }
}

#[tokio::test]
#[expect(
    clippy::mutable_key_type,
    reason = "what changes in a proxy is its connection, which does not count"
)]
async fn proxies_are_compared_by_what_they_refer_to() {
    let served = Served::new().await;
    let again: ShopProxy = Client::new().lookup(served.local.uri()).await.unwrap();
    let here = ShopProxy::local(Corner::default());
    let different = [&served.remote, &here, &ShopProxy::local(Corner::default())];
    let all: HashSet<_> = [&served.remote, &served.local, &again, &again.fork(), &here.fork()]
        .into_iter()
        .chain(different)
        .cloned()
        .collect();
    assert_eq!(all.len(), 3);
}

#[tokio::test]
async fn an_object_that_nobody_else_can_reach_is_not_sent_away() {
    let served = Served::new().await;
    let client = Client::new();
    for hidden in [ShopProxy::local(Corner::default()), client.export(Corner::default()).unwrap()] {
        let error = served.remote.introduce(&hidden).await.unwrap_err();
        assert!(
            matches!(&error, CallError::Unsupported(reason) if reason.contains("daemon.export(..)")),
            "{error}"
        );
        // Within this process it goes anywhere, typed or not.
        assert_eq!(served.local.introduce(&hidden).await.unwrap(), hidden);
        assert_eq!(served.local.ask(&hidden, "tea").await.unwrap(), 6);
        let asked = served.local.call("ask", args![&*hidden, "tea"]);
        assert_eq!(asked.cast::<i64>().await.unwrap(), 6);
    }
    assert_eq!(served.remote.price("tea").await.unwrap(), 6);
}

#[tokio::test]
async fn a_proxy_that_was_read_outside_of_a_call_says_that_it_belongs_to_nobody() {
    let served = Served::new().await;
    let text = serde_json::to_string(&served.remote).unwrap();
    let unbound: ShopProxy = serde_json::from_str(&text).unwrap();
    assert_eq!(unbound, served.remote);
    let error = unbound.price("tea").await.unwrap_err();
    assert!(matches!(&error, CallError::Misuse(text) if text.contains("client.proxy(")), "{error}");
    let bound = ShopProxy::from(Client::new().proxy(unbound.reference()));
    assert_eq!(bound.price("tea").await.unwrap(), 6);
}

#[tokio::test]
async fn neither_proxies_nor_registrations_keep_a_daemon_or_an_object_alive() {
    let daemon = Daemon::bind("127.0.0.1:0").await.unwrap();
    let corner = Arc::new(Corner::default());
    let shop: ShopProxy = daemon.serve("shop", Instances::shared_arc(Arc::clone(&corner))).unwrap();
    // An object that holds a proxy of its own daemon's objects.
    let keeper: AnyProxy = shop.clone().into();
    assert_eq!(Arc::strong_count(&corner), 2);
    drop(daemon.unregister("shop"));
    assert_eq!(Arc::strong_count(&corner), 1);
    let error = shop.price("tea").await.unwrap_err();
    assert_eq!(error.exception().unwrap().message(), "unknown object");
    drop(daemon);
    drop(keeper);
    let here = ShopProxy::local(Instances::shared_arc(Arc::clone(&corner)));
    assert_eq!(Arc::strong_count(&corner), 2);
    drop(here);
    assert_eq!(Arc::strong_count(&corner), 1);
}

#[remote]
trait Lender {
    /// An observer of the caller's own.
    async fn lend(&self) -> Result<ObserverProxy, ferropyro::Exception>;
}

struct Desk;

impl Lender for Desk {
    async fn lend(&self) -> Result<ObserverProxy, ferropyro::Exception> {
        let daemon = ferropyro::context().and_then(|call| call.daemon());
        let daemon = daemon.ok_or_else(|| ferropyro::Exception::new("RuntimeError", "no daemon"))?;
        Ok(daemon.export(Ear::default())?)
    }
}

#[tokio::test]
async fn a_method_exports_objects_on_the_daemon_that_serves_its_call() {
    let daemon = Daemon::bind("127.0.0.1:0").await.unwrap();
    let own: LenderProxy = daemon.serve("desk", Desk).unwrap();
    let desk: LenderProxy = Client::new().lookup(own.uri()).await.unwrap();
    let ear = desk.lend().await.unwrap();
    assert!(!ear.is_local());
    assert_eq!(ear.told("a").await.unwrap(), 1);
    assert!(own.lend().await.unwrap().is_local());
    assert_eq!(daemon.registered().len(), 4, "the daemon's own, the desk, two observers");
    let alone = LenderProxy::local(Desk).lend().await.unwrap_err();
    assert_eq!(alone.to_string(), "RuntimeError: no daemon");
}

#[test]
fn a_proxy_type_tells_its_interface_without_an_object() {
    let interface = ShopProxy::interface();
    assert_eq!(interface.type_name(), "Shop");
    assert!(interface.find_method("openAt").is_some());
}

#[tokio::test]
async fn an_id_that_no_address_can_have_is_refused() {
    let daemon = Daemon::bind("127.0.0.1:0").await.unwrap();
    for id in ["", "a b", "a\n", "a@b"] {
        let refused: ferropyro::Result<ShopProxy> = daemon.serve(id, Corner::default());
        let error = refused.unwrap_err().to_string();
        assert!(error.contains("cannot be the id of an object"), "{error}");
    }
    let served: ShopProxy = daemon.serve("a/b:c", Corner::default()).unwrap();
    let again: ShopProxy = Client::new().lookup(served.uri().to_string()).await.unwrap();
    assert_eq!(again.price("tea").await.unwrap(), 6);
}

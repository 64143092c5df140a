//! Objects that are made when somebody asks for their id.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use ferropyro::server::Methods;
use ferropyro::{Daemon, Dialect, Exception, Object, Value};
use ferropyro_proto::MessageType;

use crate::peer::Peer;

/// Knows the ids `made.…`, fails for `broken.…`, and counts who asks.
fn daemon(asked: &Arc<AtomicUsize>) -> Daemon {
    let asked = Arc::clone(asked);
    let find = move |id: String| {
        asked.fetch_add(1, Ordering::SeqCst);
        async move {
            tokio::task::yield_now().await;
            if id.starts_with("broken.") {
                return Err(Exception::new("RuntimeError", "the store is on fire"));
            }
            let Some(name) = id.strip_prefix("made.") else { return Ok(None) };
            let name = name.to_owned();
            let made = Methods::new("Made").method("name", move |_| {
                let name = name.clone();
                async move { Ok(name) }
            });
            Ok(Some(Arc::new(made) as Arc<dyn Object>))
        }
    };
    let daemon =
        Daemon::builder().listen("127.0.0.1:0").source(find).bind().wait().expect("the daemon binds");
    daemon.register("own", Methods::new("Own").method("name", async |_| Ok("own"))).expect("the id is free");
    daemon
}

#[test]
fn an_object_is_made_at_the_handshake_and_kept_for_the_calls_of_the_connection() {
    let asked = Arc::default();
    let daemon = daemon(&asked);
    for dialect in Dialect::ALL {
        let before = asked.load(Ordering::SeqCst);
        let mut peer = Peer::connect(&daemon, dialect, "made.one");
        for _ in 0..3 {
            assert_eq!(peer.call("made.one", "name", &[]), Ok(Value::from("one")));
        }
        assert_eq!(asked.load(Ordering::SeqCst), before + 1, "once, for all of that");
        assert_eq!(peer.call("own", "name", &[]), Ok(Value::from("own")));
        assert_eq!(peer.call("made.two", "name", &[]), Ok(Value::from("two")));
        let metadata = peer.call("Pyro.Daemon", "get_metadata", &["made.three".into()]).expect("it is there");
        assert!(format!("{metadata:?}").contains("name"));
    }
    assert_eq!(daemon.registered(), ["Pyro.Daemon", "own"]);
}

#[test]
fn an_id_that_the_source_does_not_know_is_refused_as_any_other() {
    let asked = Arc::default();
    let daemon = daemon(&asked);
    for dialect in Dialect::ALL {
        for (id, reason) in [("nobody", "unknown object"), ("broken.x", "the store is on fire")] {
            let mut peer = Peer::dial(&daemon, dialect);
            let refusal = peer.introduce(id);
            assert_eq!(refusal.message_type, MessageType::ConnectFail);
            assert!(peer.text(&refusal).contains(reason), "{}", peer.text(&refusal));
            let mut peer = Peer::connect(&daemon, dialect, "own");
            let error = peer.call(id, "name", &[]).expect_err("no object");
            assert!(error.message().contains(reason), "{error}");
            // The connection lives.
            assert_eq!(peer.call("own", "name", &[]), Ok(Value::from("own")));
        }
    }
}

//! What a daemon's log says of calls that failed.

use std::fmt::{Debug, Write};
use std::sync::{Arc, Mutex};

use ferropyro::server::Methods;
use ferropyro::{Client, Daemon, Exception, Value};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use crate::limit::{until, within};

/// The object whose calls are of interest: the other tests call others.
const OBJECT: &str = "failing.in.log";

/// Keeps what is logged of calls of the object, an event a text.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<String>>>);

impl Log {
    /// The next event.
    async fn next(&self) -> String {
        until(|| !self.0.lock().unwrap().is_empty()).await;
        self.0.lock().unwrap().remove(0)
    }
}

/// An event, a field a line.
struct Fields(String);

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        writeln!(self.0, "{field}={value:?}").unwrap();
    }
}

impl Subscriber for Log {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "ferropyro::server::call"
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut fields = Fields(String::new());
        event.record(&mut fields);
        if fields.0.contains(&format!("object={OBJECT:?}")) {
            self.0.lock().unwrap().push(fields.0);
        }
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

#[tokio::test]
async fn p5_114_an_exception_that_a_method_raises_is_in_the_daemons_log_with_its_traceback() {
    // For all threads: what a log for one thread hears depends on what others do in the meantime.
    let log = Log::default();
    tracing::subscriber::set_global_default(log.clone()).unwrap();
    let daemon = Daemon::bind("127.0.0.1:0").await.unwrap();
    let failing =
        Methods::new("Failing").method("fail", async |_| Err::<Value, _>(Exception::new("ValueError", "no")));
    let uri = daemon.register(OBJECT, failing).unwrap();
    let proxy = Client::new().proxy(&uri);
    within(proxy.call("fail", ())).await.unwrap_err();
    let single = log.next().await;
    within(proxy.call("fail", ()).oneway()).await.unwrap();
    within(proxy.flush()).await.unwrap();
    let oneway = log.next().await;
    let mut failed = within(proxy.batch(vec![proxy.call("fail", ())])).await.unwrap();
    assert!(failed.pop().unwrap().is_err());
    let batch = log.next().await;
    assert!([&single, &oneway].iter().all(|text| text.contains("method=\"fail\"")), "{single}{oneway}");
    for text in [single, oneway, batch] {
        assert!(text.contains("exception=ValueError: no"), "{text}");
        assert!(text.contains("Traceback (most recent call last):"), "{text}");
    }
    assert!(log.0.lock().unwrap().is_empty(), "each once");
}

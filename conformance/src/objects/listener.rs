//! The object that our caller hands over to be called back, on a daemon of its own.

use ferropyro::server::Methods;
use ferropyro::{Arguments, Client, Daemon, Exception, Uri, Value};

use super::{Tally, raise, text};

/// A listener and its daemon.
#[derive(Debug)]
pub(crate) struct Listening {
    daemon: Daemon,
    tally: Tally,
    uri: Uri,
}

impl Listening {
    /// Serves a listener.
    pub(crate) fn start() -> Result<Self, String> {
        let tally = Tally::default();
        let daemon = Daemon::bind("127.0.0.1:0").wait().map_err(|error| error.to_string())?;
        let uri = daemon.register("listener", listener(&tally)).map_err(|error| error.to_string())?;
        Ok(Self { daemon, tally, uri })
    }

    /// The listener as an argument.
    pub(crate) fn reference(&self) -> Value {
        self.daemon.reference("listener").map_or(Value::None, Value::from)
    }

    pub(crate) fn uri(&self) -> &Uri {
        &self.uri
    }

    /// Everything heard, once there is so much of it.
    pub(crate) fn heard(&self, count: usize) -> Vec<Value> {
        self.tally.wait(count).unwrap_or_default()
    }
}

fn listener(tally: &Tally) -> Methods {
    let (answered, heard) = (tally.clone(), tally.clone());
    Methods::new("Listener")
        .method("answer", move |call| {
            let tally = answered.clone();
            async move {
                let [value] = call.bind(["value"])?;
                tally.add(value.clone());
                Ok(value)
            }
        })
        .oneway("hear", move |call| {
            let tally = heard.clone();
            async move {
                let [value] = call.bind(["value"])?;
                tally.add(value);
                Ok(())
            }
        })
        .method("fail", async |call| {
            let [words] = call.bind(["text"])?;
            Err::<(), _>(Exception::new("ValueError", text(&words)?))
        })
        .method("call", async |Arguments { mut positional, .. }| {
            let rest = positional.split_off(positional.len().min(2));
            let (Some(method), Some(Value::Proxy(proxy))) = (positional.pop(), positional.pop()) else {
                return Err(Exception::new("TypeError", "a proxy and a method are needed"));
            };
            let proxy = Client::new().proxy(*proxy);
            proxy.call(text(&method)?, Arguments::from(rest)).await.map_err(raise)
        })
        .attribute("motto", || "all ears")
}

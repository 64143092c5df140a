//! Values: what was sent is what arrives, whichever serializer carries it.

use ferropyro::server::Methods;
use ferropyro::{
    CallError, Client, Codec, Daemon, DateTime, Dialect, Dict, Exception, Instance, Uuid, Value, remote,
};
use serde::{Deserialize, Serialize};

use crate::limit::within;
use crate::peer::Peer;

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) enum FlowControl {
    None,
    RtsCts,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Reading {
    at: DateTime,
    id: Uuid,
}

#[remote]
trait Store {
    async fn sum(&self, data: Vec<u8>) -> u64;
    /// The Python name of a value's type.
    async fn kind(&self, value: Value) -> String;
    async fn bytes(&self) -> Vec<u8>;
    async fn swap(&self, pair: (i64, String)) -> (String, i64);
    async fn float(&self, number: f64) -> f64;
    async fn flow(&self, control: FlowControl) -> FlowControl;
    async fn reading(&self, reading: Reading) -> Reading;
}

struct Cellar;

impl Store for Cellar {
    async fn sum(&self, data: Vec<u8>) -> u64 {
        data.into_iter().map(u64::from).sum()
    }

    async fn kind(&self, value: Value) -> String {
        value.type_name().to_owned()
    }

    async fn bytes(&self) -> Vec<u8> {
        vec![0, 1, 255]
    }

    async fn swap(&self, (number, text): (i64, String)) -> (String, i64) {
        (text, number)
    }

    async fn float(&self, number: f64) -> f64 {
        number
    }

    async fn flow(&self, control: FlowControl) -> FlowControl {
        control
    }

    async fn reading(&self, reading: Reading) -> Reading {
        reading
    }
}

async fn served() -> (Daemon, StoreProxy) {
    let daemon = Daemon::bind("127.0.0.1:0").await.unwrap();
    let own: StoreProxy = daemon.serve("store", Cellar).unwrap();
    let store = Client::new().lookup(own.uri()).await.unwrap();
    (daemon, store)
}

/// Does what a peer does, which parks its thread.
async fn beside(daemon: &Daemon, peer: impl FnOnce(&Daemon) + Send + 'static) {
    let daemon = daemon.clone();
    within(tokio::task::spawn_blocking(move || peer(&daemon))).await.unwrap();
}

#[tokio::test]
async fn p5_26_declared_bytes_arrive_as_bytes() {
    let (daemon, store) = served().await;
    for codec in [Codec::Serpent, Codec::Marshal, Codec::Msgpack] {
        let store = store.fork().with_codec(codec);
        assert_eq!(within(store.sum(vec![0, 1, 255])).await.unwrap(), 256, "{codec}");
        assert_eq!(within(store.bytes()).await.unwrap(), [0, 1, 255], "{codec}");
    }
    beside(&daemon, |daemon| {
        for dialect in Dialect::ALL {
            let mut peer = Peer::connect(daemon, dialect, "store");
            // What Pyro's serpent makes of bytes.
            let wrapped: Dict =
                [("data", Value::from("AAH/")), ("encoding", Value::from("base64"))].into_iter().collect();
            let wrapped = [Value::Dict(wrapped)];
            assert_eq!(peer.call("store", "sum", &wrapped), Ok(Value::from(256)));
        }
    })
    .await;
}

#[tokio::test]
async fn p5_37_a_declared_tuple_is_one_in_every_serializer() {
    let (_daemon, store) = served().await;
    for codec in Codec::ALL {
        let store = store.fork().with_codec(codec);
        let swapped = within(store.swap((1, "one".to_owned()))).await.unwrap();
        assert_eq!(swapped, ("one".to_owned(), 1), "{codec}");
    }
    // Undeclared, in the default serializer and in marshal, which can tell.
    for codec in [Codec::Serpent, Codec::Marshal] {
        let kind = within(store.fork().with_codec(codec).kind(Value::from((1, "one")))).await.unwrap();
        assert_eq!(kind, "tuple", "{codec}");
    }
}

#[tokio::test]
async fn p4_144_floats_that_are_no_numbers_arrive() {
    let (_daemon, store) = served().await;
    for codec in Codec::ALL {
        let store = store.fork().with_codec(codec);
        assert!(within(store.float(f64::NAN)).await.unwrap().is_nan(), "{codec}");
        for number in [f64::INFINITY, f64::NEG_INFINITY, 0.1 + 0.2, -0.0, f64::MIN_POSITIVE] {
            let back = within(store.float(number)).await.unwrap();
            assert_eq!(back.to_bits(), number.to_bits(), "{codec}");
        }
    }
}

#[tokio::test]
async fn p4_202_an_enum_is_an_argument_and_a_result() {
    let (_daemon, store) = served().await;
    for codec in Codec::ALL {
        let store = store.fork().with_codec(codec);
        for control in [FlowControl::None, FlowControl::RtsCts] {
            assert_eq!(within(store.flow(control)).await.unwrap(), control, "{codec}");
        }
    }
}

#[tokio::test]
async fn p5_27_a_declared_date_arrives_as_a_date() {
    let (daemon, store) = served().await;
    let text = "2021-01-29T15:07:01+01:00";
    let reading = Reading { at: text.parse().unwrap(), id: Uuid::from_u128(7) };
    for codec in [Codec::Serpent, Codec::Json] {
        let back = within(store.fork().with_codec(codec).reading(reading.clone())).await.unwrap();
        assert_eq!(back, reading, "{codec}");
    }
    // Marshal has no dates, here as in Pyro (Pyro5's issue 12); who sends is told before anything is sent.
    let error = within(store.fork().with_codec(Codec::Marshal).reading(reading)).await.unwrap_err();
    assert!(matches!(error, CallError::Encode(_)), "{error}");
    // As Pyro's serpent sends them, which is as text.
    beside(&daemon, move |daemon| {
        let mut peer = Peer::connect(daemon, Dialect::Pyro5, "store");
        let id = Uuid::from_u128(7).to_string();
        let sent: Dict = [("at", Value::from(text)), ("id", Value::from(id))].into_iter().collect();
        let back = peer.call("store", "reading", &[Value::Dict(sent.clone())]);
        assert_eq!(back, Ok(Value::Dict(sent)));
    })
    .await;
}

#[tokio::test]
async fn p4_72_what_cannot_be_read_or_sent_is_an_exception_and_not_the_end_of_the_connection() {
    let (daemon, _store) = served().await;
    let odd = Methods::new("Odd").method("odd", async |_| Ok::<_, Exception>(Value::Ellipsis));
    daemon.register("odd", odd).unwrap();
    beside(&daemon, |daemon| {
        for dialect in Dialect::ALL {
            let mut peer = Peer::connect(daemon, dialect, "store");
            let function = Instance { class: "builtins.function".to_owned(), members: Dict::new() };
            let function = Value::Object(Box::new(function));
            // A class that nobody knows is data.
            let kind = peer.call("store", "kind", std::slice::from_ref(&function));
            assert_eq!(kind, Ok(Value::from("builtins.function")));
            let wrong = peer.call("store", "float", &[function]).unwrap_err();
            assert_eq!(wrong.name(), "TypeError");
            let unsendable = peer.call("odd", "odd", &[]).unwrap_err();
            assert_eq!(unsendable.name(), "TypeError");
            assert_eq!(peer.call("store", "float", &[Value::from(1.5)]), Ok(Value::from(1.5)));
        }
    })
    .await;
}

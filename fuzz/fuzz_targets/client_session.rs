//! Any stream of bytes as what a server says to a client with three calls under way.

#![no_main]

use std::sync::Arc;

use ferropyro_proto::{CallParams, ClientConfig, ClientSession, ConnectParams, Dialect};
use ferropyro_value::Limits;
use libfuzzer_sys::fuzz_target;

fn events(dialect: Dialect, stream: &[u8], size: usize) -> Vec<String> {
    let mut out = Vec::new();
    let params = ConnectParams::new("thing");
    let mut session =
        ClientSession::connect(Arc::new(ClientConfig::default()), dialect, 0, &params, &mut out)
            .expect("the usual introduction can be sent");
    for _ in 0..3 {
        let call = CallParams::default();
        session
            .invoke(&call, &mut out, |out, codec, flavor| {
                ferropyro_value::call::encode_call(codec, flavor, "thing", "echo", &[], None, out)
            })
            .expect("a call without arguments can be sent");
    }
    let mut events = Vec::new();
    for piece in stream.chunks(size) {
        ferropyro_fuzz::feed(session.input(), piece);
        loop {
            match session.poll() {
                Ok(Some(event)) => {
                    if let ferropyro_proto::ClientEvent::Reply(reply) = &event {
                        // Any outcome will do, but no panic.
                        let _ = reply.codec.decode_value(&reply.payload, &Limits::default());
                    }
                    events.push(format!("{event:?}"));
                }
                Ok(None) => break,
                Err(error) => {
                    events.push(error.to_string());
                    return events;
                }
            }
        }
    }
    events
}

fuzz_target!(|input: &[u8]| {
    let (stream, size) = ferropyro_fuzz::pieces(input);
    for dialect in [Dialect::Pyro4, Dialect::Pyro5] {
        assert_eq!(events(dialect, stream, size), events(dialect, stream, stream.len().max(1)));
    }
});

//! Any stream of bytes as what a client says: cut into pieces, it brings the answers that it brings at once.

#![no_main]

use std::sync::Arc;
use std::time::Duration;

use ferropyro_proto::{Annotations, Callee, Metadata, ServerConfig, ServerEvent, ServerSession};
use ferropyro_value::{Exception, Value};
use libfuzzer_sys::fuzz_target;
use uuid::Uuid;

/// What a server that takes everybody, and answers every call with its arguments, sends.
fn answers(stream: &[u8], size: usize) -> Vec<u8> {
    let config = Arc::new(ServerConfig::default());
    let limit = config.limits.max_inflated;
    let mut session = ServerSession::new(config, Duration::ZERO);
    let mut out = Vec::new();
    for piece in stream.chunks(size) {
        ferropyro_fuzz::feed(session.input(), piece);
        session.progress(Duration::ZERO);
        loop {
            match session.poll(&mut out) {
                Ok(Some(ServerEvent::Inflate(frame))) => session.resume(frame.inflate(limit)),
                Ok(Some(event)) => answer(&mut session, event, &mut out),
                Ok(None) => break,
                Err(_) => return out,
            }
        }
    }
    // Whether the stream may end here is the session's to say; it must only know.
    let _ = session.end_of_stream();
    out
}

fn answer(session: &mut ServerSession, event: ServerEvent, out: &mut Vec<u8>) {
    let none = Annotations::new();
    match event {
        ServerEvent::Connect(mut request) => {
            request.head.set_correlation(Uuid::nil());
            let metadata = Metadata { methods: vec!["echo".to_owned()], ..Metadata::default() };
            let metadata = request.wants_metadata.then_some(&metadata);
            if session.accept(&request, &request.handshake.clone(), metadata, &none, out).is_err() {
                session.refuse(&request, "no", &none, out).expect("a refusal can always be sent");
            }
        }
        ServerEvent::Invoke(mut call) if !call.oneway => {
            call.head.set_correlation(Uuid::nil());
            let arguments = match &call.callee {
                Callee::Call(call) => call.arguments().values().map(|(positional, _)| Value::List(positional)),
                Callee::Blob(blob) => Ok(Value::from(blob.about.method.as_str())),
            };
            let Ok(arguments) = arguments else { return };
            let sent = call
                .head
                .result(out, &none, |out, codec, flavor| codec.encode_value_into(&arguments, flavor, out));
            if let Err(error) = sent {
                let exception = Exception::new("ValueError", error.to_string());
                call.head.exception(out, &none, &exception).expect("an exception can always be sent");
            }
        }
        ServerEvent::Malformed(malformed) if !malformed.oneway => {
            malformed
                .head
                .exception(out, &none, &malformed.exception)
                .expect("an exception can always be sent");
        }
        ServerEvent::Invoke(_) | ServerEvent::Malformed(_) | ServerEvent::Inflate(_) => {}
    }
}

fuzz_target!(|input: &[u8]| {
    let (stream, size) = ferropyro_fuzz::pieces(input);
    assert_eq!(answers(stream, size), answers(stream, stream.len().max(1)));
});

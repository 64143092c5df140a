//! Any bytes as an INVOKE's payload: the first byte picks the codec.
//!
//! What was skimmed has the object and the method that decoding all of it gives, and its arguments decode.

#![no_main]

use bytes::Bytes;
use ferropyro_value::call::{Call, Signature};
use ferropyro_value::{Codec, Limits, Value};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let Some((which, payload)) = input.split_first() else { return };
    let codec = Codec::ALL[usize::from(*which) % Codec::ALL.len()];
    let limits = Limits::default();
    let Ok(call) = Call::skim(codec, Bytes::copy_from_slice(payload), &limits) else { return };
    let arguments = call.arguments().values();
    if let Ok(Value::Tuple(parts) | Value::List(parts)) = codec.decode_value(payload, &limits) {
        assert_eq!(parts.first().and_then(Value::as_str), Some(call.object()));
        assert_eq!(parts.get(1).and_then(Value::as_str), Some(call.method()));
    }
    // Two walkers read the arguments, and find the same.
    let signature = Signature::new("f", &["a", "b"], &["c"]);
    let bound = call.arguments().bind::<(Value, Value), (Value,)>(&signature, 0);
    if let (Ok((positional, _)), Ok(((a, b), _))) = (arguments, bound) {
        let given = positional.iter().zip([a, b]);
        assert!(given.into_iter().all(|(one, other)| *one == other));
    }
    for entry in call.batch().into_iter().flatten() {
        let _ = entry.arguments.values();
    }
});

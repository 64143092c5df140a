//! Any bytes as a serpent payload.

#![no_main]

use ferropyro_value::Codec;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|payload: &[u8]| ferropyro_fuzz::round_trip(Codec::Serpent, payload));

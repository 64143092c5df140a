//! Any text as a URI: what parses prints as a text that parses to the same.

#![no_main]

use ferropyro_value::Uri;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let Ok(uri) = text.parse::<Uri>() else { return };
    // A location without a host is allowed but not printed, as in Pyro.
    if uri.location().is_some() || !text.contains('@') {
        assert_eq!(uri.to_string().parse::<Uri>(), Ok(uri));
    }
});

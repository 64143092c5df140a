//! What the unit tests of all macros use: reading texts, showing output, and finding where a fault is.
//!
//! The expected outputs are files in `tests/expected`; `UPDATE_EXPECTED=1 cargo test` writes them anew.

use std::path::Path;

use proc_macro2::TokenStream;
use syn::Error;

/// The tokens of a text.
pub(crate) fn tokens(text: &str) -> TokenStream {
    text.parse().expect("the text has tokens")
}

/// Checks that the output is what stands in a file of `tests/expected`.
pub(crate) fn assert_expected(output: &TokenStream, file: &str) {
    let items = syn::parse2(output.clone()).unwrap_or_else(|fault| panic!("{fault} in {output}"));
    let output = prettyplease::unparse(&items);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/expected").join(file);
    if std::env::var_os("UPDATE_EXPECTED").is_some() {
        std::fs::write(&path, output).expect("the file can be written");
        return;
    }
    let expected = std::fs::read_to_string(&path).expect("the file can be read");
    assert!(output == expected, "{file} differs; the output is now:\n{output}");
}

/// One text that is refused, with a part of the message, and the text that the message points at.
pub(crate) type Refused = (&'static str, &'static str, &'static str);

/// Checks that each text is refused for this one reason.
pub(crate) fn assert_refused<E: Into<Error>>(
    expand: impl Fn(TokenStream) -> Result<TokenStream, E>,
    cases: &[Refused],
) {
    for (text, message, place) in cases {
        let faults = faults(expand(tokens(text)));
        match faults.as_slice() {
            [(said, at)] => {
                assert!(said.contains(message), "{text}\nis refused with: {said}");
                assert_eq!(at, place, "{text}\nis refused at another place: {said}");
            }
            _ => panic!("{text}\nhas other faults: {faults:#?}"),
        }
    }
}

/// The messages, each with the text that it points at.
pub(crate) fn faults(made: Result<TokenStream, impl Into<Error>>) -> Vec<(String, String)> {
    let Err(faults) = made else { return Vec::new() };
    let show = |fault: Error| (fault.to_string(), fault.span().source_text().unwrap_or_default());
    faults.into().into_iter().map(show).collect()
}

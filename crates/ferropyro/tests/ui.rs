//! What the macros take, what they refuse, and what their users are told.
//!
//! Three folders: `ui/pass` has programs, one for each feature; `ui/fail` has mistakes that the macros notice, with
//! all that they say; `ui/types` has those that the compiler notices. `TRYBUILD=overwrite cargo test -p ferropyro
//! --test ui` writes anew what the macros say.

#[path = "ui/pass/mod.rs"]
mod pass;
#[path = "ui/types.rs"]
mod types;

#[test]
fn mistakes_are_refused_where_they_stand_with_what_to_do() {
    trybuild::TestCases::new().compile_fail("tests/ui/fail/*.rs");
}

//! The guide in `docs/guide`, as tests: every Rust program in it runs, and calls itself from Python where there
//! is one.
//!
//! What makes programs of the chapters is `build.rs`; nothing of the guide is written here.

pub mod chapter;
pub mod python;

/// The chapters, in the order in which they are read, with a test for each of their programs.
macro_rules! chapters {
    ($($name:ident $file:literal)*) => {
        /// The chapters' files, in the order in which they are read.
        pub const CHAPTERS: &[&str] = &[$($file),*];

        $(
            #[cfg(doctest)]
            #[doc = include_str!(concat!(env!("OUT_DIR"), "/", $file))]
            mod $name {}
        )*
    };
}

chapters! {
    first_object "first-object.md"
    naming "naming.md"
    errors "errors.md"
    callbacks "callbacks.md"
    streams "streams.md"
    sessions "sessions.md"
    batches "batches.md"
    blocking "blocking.md"
    testing "testing.md"
    from_pyro "from-pyro.md"
}

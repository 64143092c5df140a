//! What the macros take: one feature a file, as a program would write it, with the caller's side.
//!
//! No warning is allowed in them. They are compiled in the newest edition with the tests, and once more in the
//! edition of 2021.

#![deny(warnings)]
#![allow(unreachable_pub, reason = "the traits stand in for those that other crates see")]

mod attributes;
mod blocks;
mod defaults;
mod errors;
mod everything;
mod in_a_function;
mod modules;
mod names;
mod proxies;
mod python_classes;
mod streams;
mod strict;
mod supertraits;
mod twelve;
mod values;
mod words_of_ours;

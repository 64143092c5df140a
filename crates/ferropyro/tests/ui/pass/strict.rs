//! A program that allows itself nothing, neither lints nor a prelude.

#![no_implicit_prelude]
#![deny(
    missing_debug_implementations,
    missing_docs,
    single_use_lifetimes,
    trivial_casts,
    unreachable_pub,
    unused_lifetimes,
    unused_qualifications,
    unused_results,
    clippy::pedantic,
    clippy::nursery,
    clippy::allow_attributes,
    clippy::as_conversions,
    clippy::impl_trait_in_params,
    clippy::min_ident_chars,
    clippy::missing_docs_in_private_items,
    clippy::missing_inline_in_public_items,
    clippy::pattern_type_mismatch,
    clippy::same_name_method,
    clippy::shadow_reuse,
    clippy::unwrap_used
)]

use ::core::fmt::Debug;
use ::core::prelude::v1::{Ok, PartialEq, derive, test};
use ::core::{assert, assert_eq};
use ::ferropyro::{RemoteError, Stream, python_class, remote};
use ::std::string::String;

/// A greeter.
#[remote]
pub(super) trait Greeter: Debug + ::core::marker::Send {
    /// Says hello.
    async fn hello(&self, name: String, #[default] times: u8) -> ::core::result::Result<String, Mute>;
    /// Says whether it is there.
    fn call(&self) -> bool {
        true
    }
    /// Says it slowly.
    async fn slowly(&self) -> Stream<char> {
        Stream::from_items("hello".chars())
    }
    /// Is told something.
    #[oneway]
    async fn tell(&self, word: Word);
    /// What it lives by.
    #[attr]
    async fn motto(&self) -> String;
    /// Sets what it lives by.
    #[attr(set)]
    async fn set_motto(&self, motto: String);
}

/// It says nothing.
#[derive(Debug, ::thiserror::Error, RemoteError)]
#[error("mute")]
#[exception("greeting.Mute")]
pub(super) struct Mute {
    /// Since when, in seconds.
    since: u64,
}

/// A word.
#[python_class("greeting.Word")]
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Word {
    /// Its letters.
    letters: String,
}

/// The greeter of these tests.
#[derive(Debug)]
struct Polite;

impl Greeter for Polite {
    async fn hello(&self, name: String, times: u8) -> ::core::result::Result<String, Mute> {
        if times > 0 { Ok(name) } else { ::core::result::Result::Err(Mute { since: 1 }) }
    }

    async fn tell(&self, word: Word) {
        assert_eq!(word.letters, "hello");
    }

    async fn motto(&self) -> String {
        String::new()
    }

    async fn set_motto(&self, motto: String) {
        assert_eq!(motto, "be kind");
    }
}

/// A robot.
#[derive(Debug)]
pub(super) struct Robot;

#[remote]
impl Robot {
    /// Goes forward.
    pub async fn forward(&self, steps: u32) -> u32 {
        steps
    }
}

#[test]
fn lints_are_for_what_people_write() -> ::ferropyro::Result<()> {
    let greeter = GreeterProxy::local(Polite);
    assert_eq!(greeter.hello("you").arg("times", 1).wait()?, "you");
    assert!(greeter.call().wait()?);
    assert_eq!(RobotProxy::local(Robot).forward(1).wait()?, 1);
    Ok(())
}

//! Programs that use the words that the macros use too, for things of their own.

#![allow(dead_code)]

use ferropyro::remote;

// Types and aliases that stand in the way of ours, and of the standard library's.
pub struct Call;
pub struct AnyProxy;
pub struct Daemon;
pub struct Request;
pub struct Slot;
pub struct Exception;
pub struct Instances;
pub struct Arc;
pub struct Vec;
pub struct Box;
pub enum Option {}
pub trait From {}
pub trait Into {}
pub trait Clone {}
pub trait Send {}
pub trait Sync {}
pub trait Future {}
pub trait Serialize {}
pub trait Deserialize {}
pub mod core {}
pub mod std {}
pub mod ferropyro_glue {}
type String = ::std::string::String;
type Result<T, E> = ::core::result::Result<T, E>;

/// Values by the names that our own code might use.
pub const fn method() {}
pub static INTERFACE: u8 = 0;

/// A trait by the name of one of ours, with parameters by the names of our variables.
#[remote]
pub trait Proxy {
    async fn dispatch(&self, request: u8, slot: u8, object: u8, daemon: u8) -> u8;
    fn instances(&self, __object: u8, __request: u8, __slot: u8) -> u8;
    async fn interface(&self, self_: u8, #[default(self_)] proxy: u8, #[default(proxy)] glue: u8) -> u8;
    async fn method(&self, id: String, __t: u8, __o: u8) -> Result<String, ::ferropyro::Exception>;
    async fn deref(&self) -> u8;
    async fn from(&self, from: u8) -> u8;
    async fn eq(&self, error: u8) -> bool;
    async fn fmt(&self, f: u8) -> u8;
    async fn uri(&self) -> u8;
    async fn call(&self, name: String) -> String;
    async fn get(&self) -> u8;
    async fn serialize(&self, serializer: u8) -> u8;
    async fn hash(&self) -> u8;
}

struct Object;

impl Proxy for Object {
    async fn dispatch(&self, request: u8, slot: u8, object: u8, daemon: u8) -> u8 {
        request + slot + object + daemon
    }

    fn instances(&self, object: u8, request: u8, slot: u8) -> u8 {
        object + request + slot
    }

    async fn interface(&self, self_: u8, proxy: u8, glue: u8) -> u8 {
        self_ + proxy + glue
    }

    async fn method(&self, id: String, t: u8, o: u8) -> Result<String, ::ferropyro::Exception> {
        Ok(format!("{id}{t}{o}"))
    }

    async fn deref(&self) -> u8 {
        1
    }

    async fn from(&self, from: u8) -> u8 {
        from
    }

    async fn eq(&self, error: u8) -> bool {
        error == 1
    }

    async fn fmt(&self, f: u8) -> u8 {
        f
    }

    async fn uri(&self) -> u8 {
        3
    }

    async fn call(&self, name: String) -> String {
        name
    }

    async fn get(&self) -> u8 {
        4
    }

    async fn serialize(&self, serializer: u8) -> u8 {
        serializer
    }

    async fn hash(&self) -> u8 {
        5
    }
}

#[derive(Debug, PartialEq, thiserror::Error, ferropyro::RemoteError)]
#[error("words")]
pub enum Words {
    None,
    Some(u8),
    Ok { message: u8, exception: u8, fields: u8, error: u8 },
    Err { name: u8, variant: u8 },
}

#[ferropyro::python_class("words.Tag")]
#[derive(Debug)]
pub struct Tag {
    tag: u8,
    rename: u8,
}

#[test]
fn words_of_the_program_mean_what_it_says() -> ::ferropyro::Result<()> {
    let object = ProxyProxy::local(Object);
    assert_eq!(object.dispatch(1, 2, 3, 4).wait()?, 10);
    assert_eq!(object.instances(1, 2, 3).wait()?, 6);
    assert_eq!(object.interface(3).wait()?, 9);
    assert_eq!(object.method("a", 1, 2).wait()?, "a12");
    assert_eq!(object.deref().wait()?, 1);
    assert_eq!(object.from(2).wait()?, 2);
    assert!(object.eq(1).wait()?);
    assert_eq!(object.fmt(7).wait()?, 7);
    assert_eq!(object.uri().wait()?, 3);
    assert_eq!(object.call("x").wait()?, "x");
    assert_eq!(object.get().wait()?, 4);
    assert_eq!(object.serialize(1).wait()?, 1);
    assert_eq!(object.hash().wait()?, 5);
    Ok(())
}

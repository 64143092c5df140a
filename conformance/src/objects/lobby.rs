//! [`Lobby`]: objects by reference, in all places: alone, in a list, in a struct.

use std::collections::BTreeMap;

use ferropyro::{Exception, remote};
use serde::{Deserialize, Serialize};

use super::daemon;
use super::desk::DeskProxy;

/// What a lobby needs of those who come: the part of `python/listener.py` that has a counterpart here.
#[remote]
pub(crate) trait Visitor {
    async fn answer(&self, value: String) -> String;
    #[oneway]
    async fn hear(&self, value: String);
    async fn fail(&self, text: String) -> Result<(), Exception>;
    #[attr]
    async fn motto(&self) -> String;
}

/// Made by a lobby.
#[remote]
pub(crate) trait Child {
    async fn greet(&self) -> String;
}

/// References as members.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Family {
    pub(crate) eldest: ChildProxy,
    pub(crate) others: BTreeMap<String, ChildProxy>,
}

/// A reference beside data.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Guest {
    pub(crate) name: String,
    pub(crate) visitor: VisitorProxy,
}

/// Objects by reference.
#[remote]
pub(crate) trait Lobby {
    async fn child(&self, name: String) -> Result<ChildProxy, Exception>;
    async fn children(&self, names: Vec<String>) -> Result<Vec<ChildProxy>, Exception>;
    async fn family(&self, eldest: String, others: Vec<String>) -> Result<Family, Exception>;
    async fn myself(&self) -> Result<LobbyProxy, Exception>;
    async fn same(&self, lobby: LobbyProxy) -> bool;
    async fn greet(&self, visitor: VisitorProxy) -> Result<String, Exception>;
    async fn greet_all(&self, visitors: Vec<VisitorProxy>) -> Result<Vec<String>, Exception>;
    async fn introduce(&self, guest: Guest) -> Result<String, Exception>;
    async fn whisper(&self, visitor: VisitorProxy, text: String) -> Result<(), Exception>;
    fn motto_of(&self, visitor: VisitorProxy) -> Result<String, Exception>;
    async fn provoke(&self, visitor: VisitorProxy, text: String) -> Result<(), Exception>;
    async fn divide_at(&self, desk: DeskProxy, a: i64, b: i64) -> Result<i64, Exception>;
    async fn order_at(&self, desk: DeskProxy, name: String, count: i64) -> Result<i64, Exception>;
}

/// The lobby. It makes children, and finds itself, on the daemon that serves it.
#[derive(Debug)]
pub(super) struct Hall;

/// A child.
#[derive(Debug)]
struct Named(String);

impl Child for Named {
    async fn greet(&self) -> String {
        format!("I am {}", self.0)
    }
}

fn new_child(name: String) -> Result<ChildProxy, Exception> {
    Ok(daemon()?.export(Named(name))?)
}

impl Lobby for Hall {
    async fn child(&self, name: String) -> Result<ChildProxy, Exception> {
        new_child(name)
    }

    async fn children(&self, names: Vec<String>) -> Result<Vec<ChildProxy>, Exception> {
        names.into_iter().map(new_child).collect()
    }

    async fn family(&self, eldest: String, others: Vec<String>) -> Result<Family, Exception> {
        let others = others.into_iter().map(|name| Ok((name.clone(), new_child(name)?)));
        Ok(Family { eldest: new_child(eldest)?, others: others.collect::<Result<_, Exception>>()? })
    }

    async fn myself(&self) -> Result<LobbyProxy, Exception> {
        let daemon = daemon()?;
        Ok(daemon.client().proxy(daemon.uri_for("lobby")).into())
    }

    async fn same(&self, lobby: LobbyProxy) -> bool {
        // Meant for this very object, it is called directly.
        lobby.uri().object() == Some("lobby") && lobby.is_local()
    }

    async fn greet(&self, visitor: VisitorProxy) -> Result<String, Exception> {
        Ok(visitor.answer("hello").await?)
    }

    async fn greet_all(&self, visitors: Vec<VisitorProxy>) -> Result<Vec<String>, Exception> {
        let mut answers = Vec::new();
        for visitor in visitors {
            answers.push(visitor.answer("hello all").await?);
        }
        Ok(answers)
    }

    async fn introduce(&self, guest: Guest) -> Result<String, Exception> {
        Ok(guest.visitor.answer(guest.name).await?)
    }

    async fn whisper(&self, visitor: VisitorProxy, text: String) -> Result<(), Exception> {
        Ok(visitor.hear(text).await?)
    }

    fn motto_of(&self, visitor: VisitorProxy) -> Result<String, Exception> {
        // On a thread where blocking is allowed.
        Ok(visitor.motto().wait()?)
    }

    async fn provoke(&self, visitor: VisitorProxy, text: String) -> Result<(), Exception> {
        Ok(visitor.fail(text).await?)
    }

    async fn divide_at(&self, desk: DeskProxy, a: i64, b: i64) -> Result<i64, Exception> {
        Ok(desk.divide(a, b).await?)
    }

    async fn order_at(&self, desk: DeskProxy, name: String, count: i64) -> Result<i64, Exception> {
        Ok(desk.order(name).arg("count", count).await?)
    }
}

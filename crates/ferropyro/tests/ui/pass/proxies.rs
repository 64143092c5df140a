//! Proxies as arguments and results: alone, in collections, in structs.

use std::collections::HashMap;

use ferropyro::{AnyProxy, CallError, Exception, Value, remote};
use serde::{Deserialize, Serialize};

#[remote]
pub trait Greeter {
    async fn hello(&self) -> String;
}

/// A struct with a proxy in it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    name: String,
    greeter: GreeterProxy,
    others: Option<Vec<GreeterProxy>>,
}

#[remote]
pub trait Directory {
    async fn one(&self, greeter: GreeterProxy) -> GreeterProxy;
    async fn many(&self, greeters: Vec<GreeterProxy>) -> HashMap<String, GreeterProxy>;
    async fn named(&self, greeters: HashMap<String, GreeterProxy>) -> Vec<GreeterProxy>;
    async fn entry(&self, entry: Entry) -> Result<Entry, Exception>;
    async fn any(&self, proxy: AnyProxy) -> AnyProxy;
    fn maybe(&self, greeter: Option<GreeterProxy>) -> Option<GreeterProxy>;
    /// One that calls what it is given, and passes errors on.
    async fn ask(&self, greeter: GreeterProxy) -> Result<String, Exception>;
}

struct Book;

impl Directory for Book {
    async fn one(&self, greeter: GreeterProxy) -> GreeterProxy {
        greeter
    }

    async fn many(&self, greeters: Vec<GreeterProxy>) -> HashMap<String, GreeterProxy> {
        greeters.into_iter().enumerate().map(|(n, greeter)| (n.to_string(), greeter)).collect()
    }

    async fn named(&self, greeters: HashMap<String, GreeterProxy>) -> Vec<GreeterProxy> {
        greeters.into_values().collect()
    }

    async fn entry(&self, entry: Entry) -> Result<Entry, Exception> {
        Ok(entry)
    }

    async fn any(&self, proxy: AnyProxy) -> AnyProxy {
        proxy
    }

    fn maybe(&self, greeter: Option<GreeterProxy>) -> Option<GreeterProxy> {
        greeter
    }

    async fn ask(&self, greeter: GreeterProxy) -> Result<String, Exception> {
        Ok(greeter.hello().await?)
    }
}

struct Polite;

impl Greeter for Polite {
    async fn hello(&self) -> String {
        "hello".to_owned()
    }
}

#[test]
fn proxies_travel_in_everything() -> ferropyro::Result<()> {
    let book = DirectoryProxy::local(Book);
    let greeter = GreeterProxy::local(Polite);
    assert_eq!(book.one(&greeter).wait()?, greeter);
    let many = book.many(vec![greeter.clone(), greeter.clone()]).wait()?;
    assert_eq!(book.named(many).wait()?.len(), 2);
    let entry = Entry { name: "a".to_owned(), greeter: greeter.clone(), others: None };
    assert_eq!(book.entry(entry.clone()).wait()?, entry);
    let any: AnyProxy = book.any(AnyProxy::from(greeter.clone())).wait()?;
    assert_eq!(GreeterProxy::from(any.clone()), greeter);
    assert_eq!(book.any((*greeter).clone()).wait()?, any);
    assert_eq!(book.maybe(Some(greeter.clone())).wait()?, Some(greeter.clone()));
    assert_eq!(book.ask(&greeter).wait()?, "hello");
    assert_eq!(Value::from(&greeter), Value::from(greeter));
    Ok(())
}

/// A function over any proxy.
#[test]
fn proxies_are_of_one_trait() -> Result<(), CallError> {
    fn shown<P: ferropyro::Proxy>(proxy: &P) -> String {
        format!("{} {}", P::interface().type_name(), proxy.is_local())
    }
    assert_eq!(shown(&GreeterProxy::local(Polite)), "Greeter true");
    assert!(format!("{:?}", DirectoryProxy::local(Book)).starts_with("DirectoryProxy(PYRO:"));
    Ok(())
}

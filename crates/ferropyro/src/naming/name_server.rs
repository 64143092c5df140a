//! [`NameServer`]: the name server as an object with typed methods (wire protocol §13.1).

use std::fmt::Display;
use std::future::IntoFuture;
use std::pin::Pin;

use ferropyro_value::{Codec, DecodeError, DecodeErrorKind, Uri, Value};

use super::Registration;
use crate::{AnyProxy, Arguments, CallError, Error, Operation, Result, args};

/// The object that every name server is.
pub const NAME_SERVER: &str = "Pyro.NameServer";

/// A name server of Pyro4, Pyro5 or ours. Cheap to clone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameServer {
    proxy: AnyProxy,
}

impl NameServer {
    pub(super) fn new(proxy: AnyProxy) -> Self {
        Self { proxy }
    }

    /// The name server as an object without types.
    #[must_use]
    pub fn proxy(&self) -> &AnyProxy {
        &self.proxy
    }

    /// Where it is.
    #[must_use]
    pub fn uri(&self) -> &Uri {
        self.proxy.uri()
    }

    /// Does a future's work on the client's runtime.
    fn operation<T: 'static>(&self, work: impl Future<Output = Result<T>> + Send + 'static) -> Operation<T> {
        Operation::new(self.proxy.client().runtime(), work)
    }

    fn typed<T: serde::de::DeserializeOwned + Send + 'static>(
        &self,
        method: &'static str,
        arguments: Arguments,
    ) -> Operation<T> {
        let call = self.proxy.call(method, arguments).cast::<T>();
        self.operation(async move { Ok(call.await?) })
    }

    /// Sees whether it answers.
    pub fn ping(&self) -> Operation<()> {
        self.typed("ping", args![])
    }

    /// How many names it knows, its own included.
    pub fn count(&self) -> Operation<u64> {
        self.typed("count", args![])
    }

    /// The address that a name stands for.
    ///
    /// # Errors
    /// When awaited: [`CallError::Naming`] for an unknown name.
    pub fn lookup(&self, name: impl Into<String>) -> Operation<Uri> {
        let call = self.proxy.call("lookup", args![name.into()]);
        self.operation(async move {
            let found = call.await.map_err(naming)?;
            let kind = found.type_name().to_owned();
            match found {
                Value::Uri(uri) => Ok(*uri),
                Value::Str(text) => Ok(text.parse()?),
                _ => Err(wrong(&format!("an address, and not a {kind}"))),
            }
        })
    }

    /// What is known of a name, tags included.
    ///
    /// # Errors
    /// When awaited: [`CallError::Naming`] for an unknown name.
    pub fn lookup_with_metadata(&self, name: impl Into<String>) -> Operation<Registration> {
        let name = name.into();
        let arguments = args![name.as_str(), return_metadata = true];
        let proxy = self.proxy.clone();
        self.operation(async move {
            let found = with_tags(&proxy, "lookup", arguments).await?;
            Registration::from_entry(name.into(), found).ok_or_else(|| wrong("an address with tags"))
        })
    }

    /// Registers a name, replacing what it stood for. See [`Register`] for tags, and for not replacing.
    pub fn register(&self, name: impl Into<String>, uri: impl Display) -> Register {
        let (name, uri) = (name.into(), uri.to_string());
        Register { names: self.clone(), name, uri, safe: false, metadata: None }
    }

    /// Replaces the tags of a name.
    ///
    /// # Errors
    /// When awaited: [`CallError::Naming`] for an unknown name.
    pub fn set_metadata<T: Into<String>>(
        &self,
        name: impl Into<String>,
        tags: impl IntoIterator<Item = T>,
    ) -> Operation<()> {
        let call = self.proxy.call("set_metadata", args![name.into(), texts(tags)]).cast::<()>();
        self.operation(async move { Ok(call.await.map_err(naming)?) })
    }

    /// Removes a name; gives how many were removed. The name server's own name stays.
    pub fn remove(&self, name: impl Into<String>) -> Operation<u64> {
        self.typed("remove", args![name = name.into()])
    }

    /// Removes all names that begin so; gives how many were removed.
    pub fn remove_prefix(&self, prefix: impl Into<String>) -> Operation<u64> {
        self.typed("remove", args![prefix = prefix.into()])
    }

    /// Removes all names whose beginning matches a regular expression; gives how many were removed.
    ///
    /// # Errors
    /// When awaited: [`CallError::Naming`] for a pattern that is none.
    pub fn remove_regex(&self, pattern: impl Into<String>) -> Operation<u64> {
        let call = self.proxy.call("remove", args![regex = pattern.into()]).cast();
        self.operation(async move { Ok(call.await.map_err(naming)?) })
    }

    /// Everything that is registered, with tags.
    pub fn list(&self) -> Operation<Vec<Registration>> {
        self.listing("list", args![return_metadata = true])
    }

    /// What is registered under names that begin so, with tags.
    pub fn list_prefix(&self, prefix: impl Into<String>) -> Operation<Vec<Registration>> {
        self.listing("list", args![prefix = prefix.into(), return_metadata = true])
    }

    /// What is registered under names whose beginning matches a regular expression, with tags.
    ///
    /// # Errors
    /// When awaited: [`CallError::Naming`] for a pattern that is none.
    pub fn list_regex(&self, pattern: impl Into<String>) -> Operation<Vec<Registration>> {
        self.listing("list", args![regex = pattern.into(), return_metadata = true])
    }

    /// What is registered with all these tags.
    pub fn yplookup_all<T: Into<String>>(
        &self,
        tags: impl IntoIterator<Item = T>,
    ) -> Operation<Vec<Registration>> {
        self.yellow_pages("meta_all", "metadata_all", texts(tags))
    }

    /// What is registered with any of these tags.
    pub fn yplookup_any<T: Into<String>>(
        &self,
        tags: impl IntoIterator<Item = T>,
    ) -> Operation<Vec<Registration>> {
        self.yellow_pages("meta_any", "metadata_any", texts(tags))
    }

    /// Asks in the words of Pyro5 where the name server has them, else in those of Pyro4.
    fn yellow_pages(
        &self,
        pyro5: &'static str,
        pyro4: &'static str,
        tags: Value,
    ) -> Operation<Vec<Registration>> {
        let names = self.clone();
        self.operation(async move {
            let metadata = names.proxy.metadata().await?;
            let has = |name: &str| metadata.methods.iter().any(|method| method == name);
            let (method, word) = if has("yplookup") { ("yplookup", pyro5) } else { ("list", pyro4) };
            let mut arguments = args![return_metadata = true];
            arguments.keyword.insert(word, tags);
            registrations(with_tags(&names.proxy, method, arguments).await?)
        })
    }

    fn listing(&self, method: &'static str, arguments: Arguments) -> Operation<Vec<Registration>> {
        let proxy = self.proxy.clone();
        self.operation(async move { registrations(with_tags(&proxy, method, arguments).await?) })
    }
}

/// A registration that has not been made.
#[derive(Debug)]
#[must_use = "nothing is registered until this is awaited, or waited for with .wait()"]
pub struct Register {
    names: NameServer,
    name: String,
    uri: String,
    safe: bool,
    metadata: Option<Value>,
}

impl Register {
    /// Fails with [`CallError::Naming`] where the name is taken, instead of replacing it.
    pub fn safe(mut self) -> Self {
        self.safe = true;
        self
    }

    /// Registers these tags too.
    pub fn metadata<T: Into<String>>(mut self, tags: impl IntoIterator<Item = T>) -> Self {
        self.metadata = Some(texts(tags));
        self
    }

    fn operation(self) -> Operation<()> {
        let Self { names, name, uri, safe, metadata } = self;
        let arguments = args![name, uri, safe = safe, metadata = metadata];
        let call = names.proxy.call("register", arguments).cast::<()>();
        names.operation(async move { Ok(call.await.map_err(naming)?) })
    }

    /// Parks this thread until it is registered.
    ///
    /// # Errors
    /// The address is none; the name is taken and [`safe`](Self::safe) was said; those of a call.
    pub fn wait(self) -> Result<()> {
        self.operation().wait()
    }
}

impl IntoFuture for Register {
    type Output = Result<()>;
    type IntoFuture = Pin<Box<dyn Future<Output = Result<()>> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        self.operation().into_future()
    }
}

/// Tags as a list, which all name servers and all codecs take.
fn texts<T: Into<String>>(tags: impl IntoIterator<Item = T>) -> Value {
    tags.into_iter().map(Into::into).collect()
}

/// A `NamingError` of the name server is ours too.
/// The answer to a question about tags. The genuine name servers cannot write their sets of tags in every
/// serializer, and raise what tells so; they are asked again by serpent, in which they can.
async fn with_tags(
    proxy: &AnyProxy,
    method: &'static str,
    arguments: Arguments,
) -> std::result::Result<Value, CallError> {
    let answer = proxy.call(method, arguments.clone()).await.map_err(naming);
    match answer {
        Err(CallError::Exception(_)) if proxy.codec() != Codec::Serpent => {
            proxy.with_codec(Codec::Serpent).call(method, arguments).await.map_err(naming)
        }
        answer => answer,
    }
}

fn naming(error: CallError) -> CallError {
    match error {
        CallError::Exception(exception) if exception.name() == "NamingError" => {
            CallError::Naming(exception.message())
        }
        other => other,
    }
}

fn registrations(listing: Value) -> Result<Vec<Registration>> {
    let Value::Dict(listing) = listing else { return Err(wrong("a dict of names")) };
    let entries = listing.into_iter().map(|(name, entry)| Registration::from_entry(name, entry));
    entries.collect::<Option<_>>().ok_or_else(|| wrong("a dict of names"))
}

fn wrong(expected: &str) -> Error {
    let message = format!("a name server's answer should be {expected}");
    DecodeError::unplaced(DecodeErrorKind::Type, message).into()
}

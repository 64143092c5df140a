//! [`Relay`]: a name server that keeps no names. It asks another one, and gives each caller addresses that it can
//! use; with a [`Bridge`] on the same daemon that is all that programs of one Pyro need to call those of the other.
//!
//! What programs register through it is registered there, in the form that the users of that name server need.

use std::fmt;
use std::sync::Arc;

use ferropyro::naming::{NameServer, Registration};
use ferropyro::server::{DaemonBuilder, Interface, Reply, Request, Slot};
use ferropyro::{
    CallError, Client, Daemon, Dialect, Dict, Exception, Location, Object, Set, Uri, Value, literal,
};
use ferropyro_bridge::Bridge;

use crate::NAME_SERVER;
use crate::service::question::{Question, Which};
use crate::service::{self, usable};

/// The object `Pyro.NameServer` of a bridge that stands beside a name server of either Pyro.
pub struct Relay {
    names: NameServer,
    bridge: Bridge,
    interface: Interface,
    /// Where callers of the relay find it: this is the name server that they know.
    own: Uri,
}

impl Relay {
    /// Serves a relay, and the bridge that its addresses lead through, on a daemon. The client, with its settings,
    /// calls the name server at `behind`, and the objects behind the bridge.
    ///
    /// # Errors
    /// There is no name server, or the address is taken.
    pub async fn start(daemon: DaemonBuilder, client: Client, behind: Location) -> ferropyro::Result<Daemon> {
        let names = client.name_server_at(behind).await?;
        let bridge = Bridge::new(client);
        let daemon = bridge.serve_on(daemon).bind().await?;
        bridge.lead_through(&daemon);
        let own = daemon.uri_for(NAME_SERVER);
        daemon.register(NAME_SERVER, Self { names, bridge, interface: service::interface(), own })?;
        Ok(daemon)
    }

    async fn answer(self: Arc<Self>, request: Request, question: Question) -> Reply {
        let dialect = request.context().dialect();
        match self.ask(question, dialect).await {
            Ok(answer) => request.value(answer),
            Err(error) => request.fail(Exception::from(error)),
        }
    }

    async fn ask(&self, question: Question, dialect: Dialect) -> Result<Value, CallError> {
        let names = &self.names;
        Ok(match question {
            Question::Ping => {
                names.ping().await?;
                Value::None
            }
            Question::Count => Value::from(i64::try_from(names.count().await?).unwrap_or(i64::MAX)),
            Question::Lookup { name, with_tags } => {
                let mut found = if with_tags {
                    names.lookup_with_metadata(&*name).await?
                } else {
                    Registration::new(&*name, &names.lookup(&*name).await?)
                };
                self.correct(&mut found);
                let uri = Value::from(self.bridge.for_dialect(&found.uri()?, dialect).await);
                if with_tags { Value::Tuple(vec![uri, tags(&found, dialect)]) } else { uri }
            }
            Question::Register { name, uri, safe, tags } => {
                let uri: Uri = uri.parse()?;
                // Whoever asks that name server directly speaks what it speaks; an object speaks what its program
                // does. Asking the object is no use: most programs register first, and serve then.
                names.ping().await?;
                let theirs = names.proxy().dialect().unwrap_or_default();
                let uri = if dialect == theirs { uri } else { self.bridge.across(&uri) };
                let register = names.register(name, uri).metadata(texts(&tags));
                let register = if safe { register.safe() } else { register };
                register.await?;
                Value::None
            }
            Question::SetTags { name, tags } => {
                names.set_metadata(name, texts(&tags)).await?;
                Value::None
            }
            Question::Remove(which) => {
                let removed = match which {
                    Which::Name(name) => names.remove(name).await?,
                    Which::Prefix(prefix) => names.remove_prefix(prefix).await?,
                    Which::Pattern(regex) => names.remove_regex(regex).await?,
                    Which::Nothing | Which::Everything | Which::AllTags(_) | Which::AnyTag(_) => 0,
                };
                Value::from(i64::try_from(removed).unwrap_or(i64::MAX))
            }
            Question::List { which, with_tags } => {
                let found = self.list(which).await?;
                let uris = found.iter().filter_map(|found| found.uri().ok()).collect();
                let usable = usable(&self.bridge, dialect, uris).await;
                let entry = |found: Registration| {
                    let text = match found.uri().ok().and_then(|uri| usable.get(&uri)) {
                        Some(usable) => usable.to_string(),
                        None => found.text.clone(),
                    };
                    let entry = if with_tags {
                        Value::Tuple(vec![text.into(), tags(&found, dialect)])
                    } else {
                        Value::from(text)
                    };
                    (found.name, entry)
                };
                Value::Dict(found.into_iter().map(entry).collect::<Dict>())
            }
        })
    }

    async fn list(&self, which: Which) -> Result<Vec<Registration>, CallError> {
        let names = &self.names;
        let mut found = match which {
            Which::Nothing | Which::Name(_) => Vec::new(),
            Which::Everything => names.list().await?,
            Which::Prefix(prefix) => names.list_prefix(prefix).await?,
            Which::Pattern(regex) => names.list_regex(regex).await?,
            Which::AllTags(tags) => names.yplookup_all(texts(&tags)).await?,
            Which::AnyTag(tags) => names.yplookup_any(texts(&tags)).await?,
        };
        found.iter_mut().for_each(|found| self.correct(found));
        Ok(found)
    }

    /// The name server that callers know is this one.
    fn correct(&self, found: &mut Registration) {
        if found.name == NAME_SERVER {
            found.text = self.own.to_string();
        }
    }
}

fn texts(tags: &Set) -> Vec<String> {
    tags.iter().map(|tag| tag.as_str().map_or_else(|| literal::repr(tag), str::to_owned)).collect()
}

/// Tags as a set (Pyro5), or as a list (Pyro4).
fn tags(found: &Registration, dialect: Dialect) -> Value {
    let tags = found.metadata.iter().map(|tag| Value::from(tag.as_str()));
    if dialect.flavor().metadata_as_sets { Value::Set(tags.collect()) } else { Value::List(tags.collect()) }
}

impl Object for Relay {
    fn interface(&self) -> &Interface {
        &self.interface
    }

    fn dispatch(self: Arc<Self>, mut request: Request, slot: &mut Slot) {
        match Question::read(&mut request) {
            Ok(question) => slot.run(self.answer(request, question)),
            Err(exception) => slot.ready(request.fail(exception)),
        }
    }
}

impl fmt::Debug for Relay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Relay")
            .field("names", &self.names)
            .field("bridge", &self.bridge)
            .finish_non_exhaustive()
    }
}

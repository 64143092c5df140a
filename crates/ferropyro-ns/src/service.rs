//! The object `Pyro.NameServer`: the registry as Pyro4 and Pyro5 programs call it (wire protocol §13.1).
//!
//! Both dialects' methods are there for everybody; a caller's dialect decides the order of parameters where
//! the two differ, and whether tags come as a set or a list. Nothing is decided here about names.

mod across;
pub(crate) mod listing;
pub(crate) mod question;

use std::sync::Arc;

use ferropyro::server::{Interface, MethodInfo, Reply, Request, Slot};
use ferropyro::{Exception, Object, Value};
use ferropyro_bridge::Bridge;

pub(crate) use self::across::usable;
use self::listing::Listing;
use self::question::{Question, Which};
use crate::{Error, Filter, Pattern, Registration, Registry, Removal};

/// Scans of more names than this leave the thread that does IO.
const SCAN_INLINE: usize = 256;

/// The name server's object, to serve on a daemon by the id [`NAME_SERVER`](crate::NAME_SERVER).
#[derive(Debug)]
pub struct Service {
    registry: Arc<Registry>,
    interface: Interface,
    /// Leads callers to objects that speak the other dialect.
    bridge: Option<Bridge>,
}

impl Service {
    /// An object that answers from this registry.
    #[must_use]
    pub fn new(registry: Arc<Registry>) -> Self {
        Self { registry, interface: interface(), bridge: None }
    }

    /// The same with addresses that each caller can use: those of objects that speak another dialect than the
    /// caller lead through the bridge.
    #[must_use]
    pub fn across(self, bridge: Bridge) -> Self {
        Self { bridge: Some(bridge), ..self }
    }
}

pub(crate) fn interface() -> Interface {
    let members: [(&str, &str, &[&str]); 8] = [
        ("count", "How many names are registered.", &[]),
        ("list", "Names and URIs, all or filtered in one way.", &question::LIST_PYRO4),
        ("lookup", "The URI registered by a name.", &["name", "return_metadata"]),
        ("ping", "Does nothing.", &[]),
        ("register", "Registers a URI by a name.", &["name", "uri", "safe", "metadata"]),
        ("remove", "Removes one name or several; says how many.", &["name", "prefix", "regex"]),
        ("set_metadata", "Replaces the tags of a name.", &["name", "metadata"]),
        ("yplookup", "Names and URIs by their tags.", &["meta_all", "meta_any", "return_metadata"]),
    ];
    members.into_iter().fold(Interface::new("NameServer"), |interface, (name, doc, parameters)| {
        interface.method(name, MethodInfo::new().doc(doc).parameters(parameters.iter().copied()))
    })
}

impl Object for Service {
    fn interface(&self) -> &Interface {
        &self.interface
    }

    fn dispatch(self: Arc<Self>, mut request: Request, slot: &mut Slot) {
        match Question::read(&mut request) {
            Err(exception) => slot.ready(request.fail(exception)),
            Ok(question) if self.bridge.is_some() && question.gives_addresses() => {
                slot.run(self.answer_across(request, question));
            }
            Ok(question) if self.takes_long(&question) => slot.block(move || self.answer(request, question)),
            Ok(question) => slot.ready(self.answer(request, question)),
        }
    }
}

impl Service {
    /// Whether the answer waits for a disk or looks at many names.
    fn takes_long(&self, question: &Question) -> bool {
        let scans = |which: &Which| match which {
            Which::Pattern(_) => true,
            Which::Name(_) | Which::Nothing => false,
            Which::Everything | Which::Prefix(_) | Which::AllTags(_) | Which::AnyTag(_) => {
                self.registry.count() > SCAN_INLINE
            }
        };
        match question {
            Question::Ping | Question::Count | Question::Lookup { .. } => false,
            Question::Register { .. } | Question::SetTags { .. } => self.registry.is_blocking(),
            Question::Remove(which) => self.registry.is_blocking() || scans(which),
            Question::List { which, .. } => scans(which),
        }
    }

    fn answer(&self, request: Request, question: Question) -> Reply {
        let as_sets = request.context().dialect().flavor().metadata_as_sets;
        match self.ask(question, as_sets) {
            Ok(Answer::Value(value)) => request.value(value),
            Ok(Answer::Listing(listing)) => request.ok(&listing),
            Err(error) => request.fail(Exception::from(&error)),
        }
    }

    /// Answers with addresses that the caller can use.
    async fn answer_across(self: Arc<Self>, request: Request, question: Question) -> Reply {
        let dialect = request.context().dialect();
        let asked = Arc::clone(&self);
        let answer = if self.takes_long(&question) {
            let ask = move || asked.ask(question, dialect.flavor().metadata_as_sets);
            tokio::task::spawn_blocking(ask)
                .await
                .unwrap_or_else(|_| Err(Error::Value("the name server is stopping".into())))
        } else {
            self.ask(question, dialect.flavor().metadata_as_sets)
        };
        match (answer, &self.bridge) {
            (Ok(Answer::Value(value)), Some(bridge)) => {
                request.value(across::value(bridge, dialect, value).await)
            }
            (Ok(Answer::Value(value)), None) => request.value(value),
            (Ok(Answer::Listing(listing)), bridge) => {
                let mut listing = listing;
                if let Some(bridge) = bridge {
                    listing.registrations =
                        across::registrations(bridge, dialect, listing.registrations).await;
                }
                request.ok(&listing)
            }
            (Err(error), _) => request.fail(Exception::from(&error)),
        }
    }

    fn ask(&self, question: Question, as_sets: bool) -> Result<Answer, Error> {
        let registry = &*self.registry;
        Ok(Answer::Value(match question {
            Question::Ping => Value::None,
            Question::Count => Value::from(registry.count()),
            Question::Lookup { name, with_tags } => {
                let entry = registry.lookup(&name)?;
                let uri = Value::from(entry.parse_uri()?);
                if with_tags { Value::Tuple(vec![uri, entry.tags_value(as_sets)]) } else { uri }
            }
            Question::Register { name, uri, safe, tags } => {
                registry.register(&name, &uri, safe, tags)?;
                Value::None
            }
            Question::SetTags { name, tags } => {
                registry.set_tags(&name, tags)?;
                Value::None
            }
            Question::Remove(which) => Value::from(match which {
                Which::Name(name) => registry.remove(Removal::Name(&name))?,
                Which::Prefix(prefix) => registry.remove(Removal::Prefix(&prefix))?,
                Which::Pattern(regex) => registry.remove(Removal::Pattern(&Pattern::new(&regex)?))?,
                // Nothing named is nothing removed: never everything.
                Which::Nothing | Which::Everything | Which::AllTags(_) | Which::AnyTag(_) => 0,
            }),
            Question::List { which, with_tags } => {
                let registrations = self.list(which)?;
                return Ok(Answer::Listing(Listing { registrations, with_tags, as_sets }));
            }
        }))
    }

    fn list(&self, which: Which) -> Result<Vec<Registration>, Error> {
        let registry = &*self.registry;
        Ok(match which {
            Which::Nothing | Which::Name(_) => Vec::new(),
            Which::Everything => registry.list(Filter::Everything),
            Which::Prefix(prefix) => registry.list(Filter::Prefix(&prefix)),
            Which::Pattern(regex) => registry.matching(&Pattern::new(&regex)?),
            Which::AllTags(tags) => registry.list(Filter::AllTags(&registry.storable(tags)?)),
            Which::AnyTag(tags) => registry.list(Filter::AnyTag(&registry.storable(tags)?)),
        })
    }
}

enum Answer {
    Value(Value),
    /// Written straight into the reply.
    Listing(Listing),
}

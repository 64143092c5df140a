//! The object `Pyro.NameServer`: the registry as Pyro4 and Pyro5 programs call it (wire protocol §13.1).
//!
//! Both dialects' methods are there for everybody; a caller's dialect decides the order of parameters where
//! the two differ, and whether tags come as a set or a list. Nothing is decided here about names.

mod listing;
mod question;

use std::sync::Arc;

use ferropyro::server::{Interface, MethodInfo, Reply, Request, Slot};
use ferropyro::{Exception, Object, Value};

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
}

impl Service {
    /// An object that answers from this registry.
    #[must_use]
    pub fn new(registry: Arc<Registry>) -> Self {
        Self { registry, interface: interface() }
    }
}

fn interface() -> Interface {
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

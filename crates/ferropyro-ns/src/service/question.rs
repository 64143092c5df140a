//! [`Question`]: a request's arguments, checked in the order and with the words of the genuine name server.
//!
//! Types and combinations only; whether a name exists or a pattern compiles is found out by asking.

use ferropyro::server::Request;
use ferropyro::{Arguments, Dialect, Exception, Set, Value};

use crate::{Error, collect_tags};

/// What a caller asks.
#[derive(Debug, PartialEq)]
pub(crate) enum Question {
    Ping,
    Count,
    Lookup { name: String, with_tags: bool },
    Register { name: String, uri: String, safe: bool, tags: Set },
    SetTags { name: String, tags: Set },
    Remove(Which),
    List { which: Which, with_tags: bool },
}

/// Which names a question is about.
#[derive(Debug, PartialEq)]
pub(crate) enum Which {
    Nothing,
    Everything,
    Name(String),
    Prefix(String),
    Pattern(String),
    AllTags(Set),
    AnyTag(Set),
}

/// The parameters of `list` in Pyro4's order.
pub(super) const LIST_PYRO4: [&str; 5] =
    ["prefix", "regex", "metadata_all", "metadata_any", "return_metadata"];
/// The parameters of `list` in Pyro5's order, which lacks the two in the middle; we take them by keyword.
const LIST_PYRO5: [&str; 5] = ["prefix", "regex", "return_metadata", "metadata_all", "metadata_any"];

impl Question {
    /// Whether the answer has addresses in it.
    pub(crate) fn gives_addresses(&self) -> bool {
        matches!(self, Self::Lookup { .. } | Self::List { .. })
    }

    /// Reads a request.
    ///
    /// # Errors
    /// The exception to answer with.
    pub(crate) fn read(request: &mut Request) -> Result<Self, Exception> {
        let dialect = request.context().dialect();
        Self::new(request.arguments()?, dialect)
    }

    fn new(arguments: Arguments, dialect: Dialect) -> Result<Self, Exception> {
        match arguments.method() {
            "lookup" => {
                let ([name], [with_tags]) = arguments.bind_optional(["name"], ["return_metadata"])?;
                Ok(Self::Lookup { name: text(name, "name")?, with_tags: truth(with_tags.as_ref(), false) })
            }
            "register" => {
                let (required, optional) = arguments.bind_optional(["name", "uri"], ["safe", "metadata"])?;
                let ([name, uri], [safe, metadata]) = (required, optional);
                let uri = uri_text(uri)?;
                let name = text(name, "name")?;
                Ok(Self::Register {
                    name,
                    uri,
                    safe: truth(safe.as_ref(), false),
                    tags: tags(metadata, "metadata")?,
                })
            }
            "set_metadata" => {
                let [name, metadata] = arguments.bind(["name", "metadata"])?;
                Ok(Self::SetTags { name: text(name, "name")?, tags: tags(Some(metadata), "metadata")? })
            }
            "remove" => {
                let ([], [name, prefix, regex]) = arguments.bind_optional([], ["name", "prefix", "regex"])?;
                Self::remove(name, prefix, regex)
            }
            "list" => Self::list(arguments, dialect),
            "yplookup" => {
                let names = ["meta_all", "meta_any", "return_metadata"];
                let ([], [all, any, with_tags]) = arguments.bind_optional([], names)?;
                let which = match (given(all), given(any)) {
                    (Some(_), Some(_)) => {
                        return Err(value_error("you can't use meta_all or meta_any at the same time"));
                    }
                    (Some(all), None) => Which::AllTags(tags(Some(all), "metadata_all")?),
                    (None, Some(any)) => Which::AnyTag(tags(Some(any), "metadata_any")?),
                    (None, None) => Which::Nothing,
                };
                Ok(Self::List { which, with_tags: truth(with_tags.as_ref(), true) })
            }
            "count" => arguments.bind([]).map(|[]| Self::Count),
            // The daemon asks for members of the interface only, and this is the last one.
            _ => arguments.bind([]).map(|[]| Self::Ping),
        }
    }

    fn remove(name: Option<Value>, prefix: Option<Value>, regex: Option<Value>) -> Result<Self, Exception> {
        let name = given(name).map(|name| text(name, "name")).transpose()?;
        Ok(Self::Remove(match name.filter(|name| name != crate::NAME_SERVER) {
            Some(name) => Which::Name(name),
            None => match (given(prefix), given(regex)) {
                (Some(prefix), _) => Which::Prefix(text(prefix, "prefix")?),
                (None, Some(regex)) => Which::Pattern(text(regex, "regex")?),
                (None, None) => Which::Nothing,
            },
        }))
    }

    fn list(arguments: Arguments, dialect: Dialect) -> Result<Self, Exception> {
        let (prefix, regex, all, any, with_tags) = match dialect {
            Dialect::Pyro4 => {
                let ([], [prefix, regex, all, any, with_tags]) = arguments.bind_optional([], LIST_PYRO4)?;
                (prefix, regex, all, any, with_tags)
            }
            Dialect::Pyro5 => {
                let ([], [prefix, regex, with_tags, all, any]) = arguments.bind_optional([], LIST_PYRO5)?;
                (prefix, regex, all, any, with_tags)
            }
        };
        // Pyro4 counts what is not None, Pyro5 what is not empty either.
        let filters = [&prefix, &regex, &all, &any];
        let counts = |filter: &&&Option<Value>| match dialect {
            Dialect::Pyro4 => filter.as_ref().is_some_and(|value| !value.is_none()),
            Dialect::Pyro5 => filter.as_ref().is_some_and(is_true),
        };
        if filters.iter().filter(counts).count() > 1 {
            return Err(value_error("you can only filter on one thing at a time"));
        }
        let which = match (given(prefix), given(regex), given(all), given(any)) {
            (Some(prefix), ..) => Which::Prefix(text(prefix, "prefix")?),
            (None, Some(regex), ..) => Which::Pattern(text(regex, "regex")?),
            (None, None, Some(all), _) => Which::AllTags(tags(Some(all), "metadata_all")?),
            (None, None, None, Some(any)) => Which::AnyTag(tags(Some(any), "metadata_any")?),
            (None, None, None, None) => Which::Everything,
        };
        Ok(Self::List { which, with_tags: truth(with_tags.as_ref(), false) })
    }
}

fn type_error(text: impl Into<String>) -> Exception {
    Exception::new("TypeError", text)
}

fn value_error(text: &str) -> Exception {
    Exception::new("ValueError", text)
}

/// An argument that says something: Pyro takes empty ones for absent.
fn given(argument: Option<Value>) -> Option<Value> {
    argument.filter(is_true)
}

fn text(argument: Value, parameter: &str) -> Result<String, Exception> {
    match argument {
        Value::Str(text) => Ok(text),
        Value::SurrogateStr(_) => Err(value_error("a name server keeps no text with lone surrogates")),
        _ => Err(type_error(format!("{parameter} must be a str"))),
    }
}

fn uri_text(argument: Value) -> Result<String, Exception> {
    match argument {
        Value::Uri(uri) => Ok(uri.to_string()),
        Value::Str(text) => {
            // Before the name is looked at, as the genuine name server does.
            text.parse::<ferropyro::Uri>().map_err(|error| Exception::from(&Error::from(error)))?;
            Ok(text)
        }
        _ => Err(type_error("only URIs or strings can be registered")),
    }
}

fn tags(argument: Option<Value>, parameter: &str) -> Result<Set, Exception> {
    collect_tags(argument.unwrap_or_default(), parameter).map_err(|error| Exception::from(&error))
}

fn truth(argument: Option<&Value>, default: bool) -> bool {
    argument.map_or(default, is_true)
}

/// What Python's `bool()` says.
fn is_true(value: &Value) -> bool {
    match value {
        Value::None => false,
        Value::Bool(flag) => *flag,
        Value::Int(number) => *number != 0,
        Value::Float(number) => *number != 0.0,
        Value::Str(text) => !text.is_empty(),
        Value::Bytes(bytes) => !bytes.is_empty(),
        Value::List(items) | Value::Tuple(items) => !items.is_empty(),
        Value::Set(set) | Value::FrozenSet(set) => !set.is_empty(),
        Value::Dict(dict) => !dict.is_empty(),
        _ => true,
    }
}

#[cfg(test)]
mod tests;

//! Dispatch: which object a request means, and whether it may be asked for that.
//!
//! Names are checked here, for all objects alike; what the object then does is its own business.

use std::sync::Arc;

use ferropyro_proto::Callee;
use ferropyro_value::call::Call;
use ferropyro_value::{Dict, Exception, Value};

use super::registry::LastObject;
use super::request::{Given, Sink, decode_exception};
use super::{Interface, Object, Request, RequestKind, Shared};
use crate::{Arguments, CallContext};

/// Names that are private although they look like Python's public ones (wire protocol §3.4), sorted.
const PRIVATE_DUNDERS: [&str; 45] = [
    "__bool__",
    "__call__",
    "__class__",
    "__cmp__",
    "__coerce__",
    "__copy__",
    "__deepcopy__",
    "__del__",
    "__delattr__",
    "__dir__",
    "__enter__",
    "__eq__",
    "__exit__",
    "__format__",
    "__ge__",
    "__getattr__",
    "__getattribute__",
    "__getinitargs__",
    "__getnewargs__",
    "__getstate__",
    "__getstate_for_dict__",
    "__gt__",
    "__hasattr__",
    "__hash__",
    "__init__",
    "__init_subclass__",
    "__instancecheck__",
    "__le__",
    "__lt__",
    "__module__",
    "__ne__",
    "__new__",
    "__nonzero__",
    "__reduce__",
    "__reduce_ex__",
    "__repr__",
    "__setattr__",
    "__setstate__",
    "__setstate_from_dict__",
    "__sizeof__",
    "__str__",
    "__subclasscheck__",
    "__subclasshook__",
    "__unicode__",
    "__weakref__",
];

/// Whether a name can never be called from elsewhere.
#[must_use]
pub(crate) fn is_private(name: &str) -> bool {
    if !name.starts_with('_') {
        return false;
    }
    let dunder = name.len() > 4 && name.starts_with("__") && name.ends_with("__");
    !dunder || PRIVATE_DUNDERS.binary_search(&name).is_ok()
}

/// The object that a call means, if it is registered.
pub(super) fn object(
    daemon: &Shared,
    context: &CallContext,
    last: &mut LastObject,
) -> Option<Arc<dyn Object>> {
    daemon.registry.find_again(context.object(), last)
}

/// The request of a call that cannot be made, to be answered with an exception.
pub(super) fn refused(context: CallContext, sink: Sink) -> Request {
    Request::new(context, RequestKind::Method, 0, Given::Encoded, sink)
}

/// Makes the request for a call that is no batch.
pub(super) fn request(context: CallContext, interface: &Interface, sink: Sink) -> Result<Request, Exception> {
    match (context.method(), context.callee()) {
        ("__getattr__" | "__setattr__", Some(Callee::Call(call))) => {
            let setting = context.method() == "__setattr__";
            let kind = if setting { RequestKind::SetAttribute } else { RequestKind::GetAttribute };
            let given = attribute_arguments(call, setting)?;
            let index = attribute(given.name().unwrap_or_default(), setting, interface)?;
            Ok(Request::new(context, kind, index, given, sink))
        }
        (name, _) => {
            let index = method(name, interface)?;
            Ok(Request::new(context, RequestKind::Method, index, Given::Encoded, sink))
        }
    }
}

/// The number of a method, if it may be called.
pub(super) fn method(name: &str, interface: &Interface) -> Result<usize, Exception> {
    if is_private(name) {
        return Err(attribute_error(format!("attempt to access private attribute '{name}'")));
    }
    match interface.find_method(name) {
        Some((index, _)) => Ok(index),
        None if interface.find_attribute(name).is_some() => {
            Err(attribute_error(format!("attempt to access unexposed attribute '{name}'")))
        }
        None => {
            let kind = interface.type_name();
            Err(attribute_error(format!("'{kind}' object has no attribute '{name}'")))
        }
    }
}

/// The arguments of `__getattr__` or `__setattr__` (wire protocol §3.5): which attribute is meant, and where its
/// value is.
fn attribute_arguments(call: &Call, setting: bool) -> Result<Given, Exception> {
    let first = call.arguments().first_text().map_err(|error| decode_exception(&error))?;
    if let Some((name, _)) = first.filter(|(_, count)| *count == 1 + usize::from(setting)) {
        return Ok(Given::Attribute { name });
    }
    // By keyword, or wrong.
    let (positional, keyword) = call.arguments().values().map_err(|error| decode_exception(&error))?;
    let arguments = Arguments::new(call.method(), positional, keyword);
    let (name, value) = if setting {
        let [name, value] = arguments.bind(["name", "value"])?;
        (name, Some(value))
    } else {
        let [name] = arguments.bind(["name"])?;
        (name, None)
    };
    match name {
        Value::Str(name) => Ok(Given::Values(Arguments::new(name, Vec::from_iter(value), Dict::new()))),
        other => {
            let text = format!("attribute name must be string, not '{}'", other.type_name());
            Err(Exception::new("TypeError", text))
        }
    }
}

/// The number of an attribute, if it may be read, or set.
pub(crate) fn attribute(name: &str, setting: bool, interface: &Interface) -> Result<usize, Exception> {
    let Some((index, info)) = interface.find_attribute(name) else {
        return Err(if interface.find_method(name).is_some() {
            attribute_error(format!("attempt to access unexposed or unknown remote attribute '{name}'"))
        } else {
            attribute_error(format!("type object '{}' has no attribute '{name}'", interface.type_name()))
        });
    };
    if !(if setting { info.writable } else { info.readable }) {
        return Err(attribute_error(format!(
            "attempt to access unexposed or unknown remote attribute '{name}'"
        )));
    }
    Ok(index)
}

fn attribute_error(text: String) -> Exception {
    Exception::new("AttributeError", text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_private_names_are_sorted_for_the_search() {
        assert!(PRIVATE_DUNDERS.is_sorted());
    }

    #[test]
    fn names_are_private_as_the_protocol_says() {
        for name in ["_x", "__x", "____", "_", "__init__", "__weakref__", "__unicode__", "__subclasshook__"] {
            assert!(is_private(name), "{name}");
        }
        for name in ["x", "x_", "__len__", "__dunder__", "__getitem__", "__x__"] {
            assert!(!is_private(name), "{name}");
        }
    }
}

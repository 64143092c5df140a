//! Dispatch: which object a request means, and whether it may be asked for that.
//!
//! Names are checked here, for all objects alike; what the object then does is its own business.

use std::sync::Arc;

use ferropyro_proto::Callee;
use ferropyro_value::{Dict, Exception, Value};

use super::registry::{LastObject, daemon_error};
use super::request::Sink;
use super::{Interface, Object, Request, RequestKind};
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

/// The object that a call means.
pub(super) fn object(context: &CallContext, last: &mut LastObject) -> Result<Arc<dyn Object>, Exception> {
    let id = context.object();
    context.shared().registry.find_again(id, last).ok_or_else(|| daemon_error("unknown object"))
}

/// Makes the request for a call that is no batch.
pub(super) fn request(context: CallContext, interface: &Interface, sink: Sink) -> Result<Request, Exception> {
    match (context.method(), context.callee()) {
        ("__getattr__" | "__setattr__", Some(Callee::Call(_))) => {
            let (kind, index, arguments) = attribute(&context, interface)?;
            Ok(Request::new(context, kind, index, sink).with_arguments(arguments))
        }
        (name, _) => {
            let index = method(name, interface)?;
            Ok(Request::new(context, RequestKind::Method, index, sink))
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

/// The attribute that `__getattr__` or `__setattr__` means (wire protocol §3.5).
fn attribute(
    context: &CallContext,
    interface: &Interface,
) -> Result<(RequestKind, usize, Arguments), Exception> {
    let probe = Request::new(context.clone(), RequestKind::Method, 0, Sink::Nobody).arguments()?;
    let setting = context.method() == "__setattr__";
    let (name, value) = if setting {
        let [name, value] = probe.bind(["name", "value"])?;
        (name, Some(value))
    } else {
        let [name] = probe.bind(["name"])?;
        (name, None)
    };
    let Value::Str(name) = name else {
        let text = format!("attribute name must be string, not '{}'", name.type_name());
        return Err(Exception::new("TypeError", text));
    };
    let Some((index, info)) = interface.find_attribute(&name) else {
        return Err(if interface.find_method(&name).is_some() {
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
    let kind = if setting { RequestKind::SetAttribute } else { RequestKind::GetAttribute };
    Ok((kind, index, Arguments::new(name, Vec::from_iter(value), Dict::new())))
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

//! Names on the wire: which ones a member may have.
//!
//! Whether two members have one name is noticed by [`Members`](super::members::Members).

use crate::names::is_identifier;

/// Names that are private although they look like Python's public ones (wire protocol §3.4), sorted. The same
/// list is in `ferropyro`, whose dispatch refuses them.
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

/// What is wrong with a name, if something is.
pub(super) fn fault(name: &str) -> Option<String> {
    if name.is_empty() {
        Some("a name needs a letter at least".to_owned())
    } else if name.contains('.') {
        Some(format!("Pyro never resolves dotted names: call it `{}`", name.replace('.', "_")))
    } else if is_private(name) {
        Some(format!(
            "`{name}` is private in Pyro, nobody can call it: give another name with `#[name(\"…\")]`"
        ))
    } else if !is_identifier(name) {
        Some(format!("`{name}` is no name in Python: use letters, digits and underscores"))
    } else {
        None
    }
}

/// Whether a name can never be called from elsewhere (wire protocol §3.4).
fn is_private(name: &str) -> bool {
    if !name.starts_with('_') {
        return false;
    }
    let dunder = name.len() > 4 && name.starts_with("__") && name.ends_with("__");
    !dunder || PRIVATE_DUNDERS.binary_search(&name).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_private_names_are_sorted_for_the_search() {
        assert!(PRIVATE_DUNDERS.is_sorted());
    }

    /// A macro crate exports macros only, and should not make everybody build another crate for one list.
    #[test]
    fn the_daemon_refuses_the_same_names() {
        let dispatch = include_str!("../../../ferropyro/src/server/dispatch.rs");
        let (_, list) = dispatch.split_once("const PRIVATE_DUNDERS").expect("the daemon's list");
        let (list, _) = list.split_once("];").expect("its end");
        let theirs: Vec<_> = list.split('"').skip(1).step_by(2).collect();
        assert_eq!(theirs, PRIVATE_DUNDERS);
    }

    #[test]
    fn names_that_python_can_call_are_free() {
        for name in ["hello", "größe", "__len__", "__getitem__", "x1", "type"] {
            assert_eq!(fault(name), None, "{name}");
        }
    }
}

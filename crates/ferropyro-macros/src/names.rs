//! Names as Python knows them: identifiers, and classes in modules.
//!
//! What a name may be used for is decided elsewhere.

use unicode_ident::{is_xid_continue, is_xid_start};

/// Whether Python takes this for an identifier.
pub(crate) fn is_identifier(name: &str) -> bool {
    let mut letters = name.chars();
    letters.next().is_some_and(|first| first == '_' || is_xid_start(first)) && letters.all(is_xid_continue)
}

/// Whether these are identifiers joined by dots, at least one dot among them: `shop.OutOfStock`.
pub(crate) fn is_class_in_module(name: &str) -> bool {
    name.contains('.') && name.split('.').all(is_identifier)
}

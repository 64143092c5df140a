//! The name of a Python class, as Pyro writes it.
//!
//! Whether there is such a class, only the reader's Python knows.

use syn::{LitStr, Result};

use crate::names::is_class_in_module;

/// Checks a name: a class in a module.
pub(super) fn check(name: &LitStr) -> Result<()> {
    let text = name.value();
    if is_class_in_module(&text) {
        return Ok(());
    }
    let message = if text.contains('.') || text.is_empty() {
        format!("`{text}` is no name of a class: write module and class, `inventory.Part`")
    } else {
        format!("a class needs its module, as Pyro writes it: `inventory.{text}`")
    };
    Err(syn::Error::new(name.span(), message))
}

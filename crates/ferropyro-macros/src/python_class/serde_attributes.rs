//! Attributes of serde's on the item, refused where they would get in the way.
//!
//! Those on fields stay, and all others on the item.

use syn::punctuated::Punctuated;
use syn::{Attribute, Meta, Path, Token};

use crate::faults::Faults;

/// Refuses what `#[python_class]` says itself, and what would make it wrong.
pub(super) fn check(attributes: &[Attribute], faults: &mut Faults) {
    for attribute in attributes {
        if attribute.path().is_ident("derive") {
            let Ok(derives) = attribute.parse_args_with(Punctuated::<Path, Token![,]>::parse_terminated)
            else {
                continue;
            };
            for derive in derives.iter().filter(|path| is_serdes(path)) {
                let message =
                    "python_class derives Serialize and Deserialize itself: take them out of #[derive]";
                faults.at(derive, message);
            }
        } else if attribute.path().is_ident("serde") {
            let parse = Punctuated::<Meta, Token![,]>::parse_terminated;
            // What serde cannot read either, it says itself.
            for option in attribute.parse_args_with(parse).iter().flatten() {
                if let Some(message) = fault(option.path()) {
                    faults.at(option.path(), message);
                }
            }
        }
    }
}

fn is_serdes(path: &Path) -> bool {
    path.segments.last().is_some_and(|word| word.ident == "Serialize" || word.ident == "Deserialize")
}

fn fault(option: &Path) -> Option<&'static str> {
    let is_any = |names: &[&str]| names.iter().any(|name| option.is_ident(*name));
    if is_any(&["tag", "content", "rename", "crate"]) {
        Some("`#[python_class]` says this itself: take it out")
    } else if is_any(&["untagged", "transparent", "from", "try_from", "into", "remote"]) {
        Some(
            "an object of a class has its fields and its class: take this out, or do without `#[python_class]`",
        )
    } else if is_any(&["deny_unknown_fields"]) {
        Some("the name of the class travels as a member of its own, which this would refuse: take it out")
    } else {
        None
    }
}

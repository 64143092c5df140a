//! Attributes: picking ours out of an item's, and reading what stands in them.
//!
//! Which attributes there are, and what they mean, is the business of each macro.

use syn::{Attribute, Error, Expr, ExprLit, Lit, LitStr, Meta, Result};

use crate::faults::Faults;

/// Takes the attribute of this name out of a list. A second one is a fault.
pub(crate) fn take(attributes: &mut Vec<Attribute>, name: &str, faults: &mut Faults) -> Option<Attribute> {
    let mut found = attributes.extract_if(.., |attribute| attribute.path().is_ident(name));
    let first = found.next();
    for again in found {
        faults.at(&again, format_args!("`#[{name}]` stands here twice: keep one"));
    }
    first
}

/// The text in `#[name("text")]`.
pub(crate) fn text(attribute: &Attribute, example: &str) -> Result<LitStr> {
    let wanted = || format!("write it as `{example}`");
    match &attribute.meta {
        Meta::List(list) => list.parse_args().map_err(|_| Error::new_spanned(attribute, wanted())),
        Meta::Path(_) | Meta::NameValue(_) => Err(Error::new_spanned(attribute, wanted())),
    }
}

/// Checks that an attribute stands alone: `#[oneway]`.
pub(crate) fn bare(attribute: &Attribute) -> Result<()> {
    match &attribute.meta {
        Meta::Path(_) => Ok(()),
        Meta::List(_) | Meta::NameValue(_) => {
            let name = attribute.path().get_ident().map(ToString::to_string).unwrap_or_default();
            Err(Error::new_spanned(attribute, format!("`#[{name}]` has no options: write it alone")))
        }
    }
}

/// The text that the doc comments among these attributes make, as a Python programmer would read it.
pub(crate) fn doc_text(attributes: &[Attribute]) -> Option<String> {
    let lines: Vec<String> = attributes.iter().filter_map(doc_line).collect();
    let text = lines
        .iter()
        .flat_map(|line| line.split('\n'))
        // What follows `///` begins with a space that is none of the text's.
        .map(|line| line.strip_prefix(' ').unwrap_or(line).trim_end())
        .collect::<Vec<_>>()
        .join("\n");
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// `None` for a text that another macro makes, such as `include_str!`: it is not known here.
fn doc_line(attribute: &Attribute) -> Option<String> {
    match &attribute.meta {
        Meta::NameValue(meta) if meta.path.is_ident("doc") => match &meta.value {
            Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text.value()),
            _ => None,
        },
        _ => None,
    }
}

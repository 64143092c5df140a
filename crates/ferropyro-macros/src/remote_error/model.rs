//! [`ErrorType`]: the variants of an error, and the class that Python sees for each.
//!
//! A struct has one variant without a name.

use proc_macro2::Ident;
use syn::{Attribute, Data, DeriveInput, Fields, Result};

use super::builtins;
use crate::attributes::{take, text};
use crate::faults::Faults;

/// What Python sees if the user says nothing.
const DEFAULT_CLASS: &str = "RuntimeError";

/// An error type.
pub(super) struct ErrorType {
    /// Its name.
    pub(super) name: Ident,
    /// Its variants.
    pub(super) variants: Vec<Variant>,
}

/// One way to fail.
pub(super) struct Variant {
    /// Its name; `None` for a struct.
    pub(super) name: Option<Ident>,
    /// What it carries.
    pub(super) fields: Fields,
    /// The exception class that Python sees.
    pub(super) class: String,
}

impl ErrorType {
    /// Reads a type.
    pub(super) fn read(mut item: DeriveInput) -> Result<Self> {
        let mut faults = Faults::default();
        if !item.generics.params.is_empty() {
            faults.at(
                &item.generics,
                "callers have to know the type: a remote error has no generics, name the types",
            );
        }
        let default = class(&mut item.attrs, &mut faults);
        let of = |attributes: &mut Vec<Attribute>, faults: &mut Faults| {
            class(attributes, faults).or_else(|| default.clone()).unwrap_or_else(|| DEFAULT_CLASS.to_owned())
        };
        let variants = match item.data {
            Data::Struct(data) => {
                vec![Variant { name: None, class: of(&mut Vec::new(), &mut faults), fields: data.fields }]
            }
            Data::Enum(data) => {
                if data.variants.is_empty() {
                    faults.at(&item.ident, "there is no way to fail in it: add a variant");
                }
                let read = |mut variant: syn::Variant| Variant {
                    class: of(&mut variant.attrs, &mut faults),
                    name: Some(variant.ident),
                    fields: variant.fields,
                };
                data.variants.into_iter().map(read).collect()
            }
            Data::Union(data) => {
                faults.at(
                    data.union_token,
                    "the fields of a union cannot be told apart: use an enum or a struct",
                );
                Vec::new()
            }
        };
        for field in variants.iter().flat_map(|variant| &variant.fields) {
            for mark in field.attrs.iter().filter(|attribute| attribute.path().is_ident("exception")) {
                faults.at(mark, "a field has no class of its own: put it on the variant, or on the type");
            }
        }
        faults.finish()?;
        Ok(Self { name: item.ident, variants })
    }
}

fn class(attributes: &mut Vec<Attribute>, faults: &mut Faults) -> Option<String> {
    let mark = take(attributes, "exception", faults)?;
    let class = faults.take(text(&mark, "#[exception(\"ValueError\")]"))?;
    if let Some(message) = builtins::fault(&class.value()) {
        faults.at(&class, message);
    }
    Some(class.value())
}

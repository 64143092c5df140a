//! `#[python_class("inventory.Part")]`: a struct that travels as an object of a Python class.
//!
//! It only adds attributes: serde's own derives do the work, and write the class as the tag that Pyro reads.

mod class_name;
mod of_enum;
mod of_struct;
mod serde_attributes;
#[cfg(test)]
mod tests;

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Attribute, Error, Fields, Generics, Item};

use crate::faults::{Faults, Refusal};

/// Expands the attribute.
pub(crate) fn expand(options: TokenStream, item: TokenStream) -> Result<TokenStream, Refusal> {
    let item: Item = syn::parse2(item)?;
    let made = match item.clone() {
        Item::Struct(item) => of_struct::expand(options, &item),
        Item::Enum(item) => of_enum::expand(&options, item),
        Item::Union(item) => {
            let message = "the fields of a union cannot be told apart: use a struct with named fields";
            Err(Error::new_spanned(item.union_token, message))
        }
        _ => Err(Error::new(
            proc_macro2::Span::call_site(),
            "`#[python_class]` goes on a struct with named fields, or on an enum of classes",
        )),
    };
    made.map_err(|fault| Refusal::new(fault, bare(item)))
}

/// The item without the attributes that mean nothing where serde's derives are missing.
fn bare(mut item: Item) -> Item {
    let strip = |attributes: &mut Vec<Attribute>| {
        attributes.retain(|attribute| !["serde", "class"].iter().any(|name| attribute.path().is_ident(name)));
    };
    let strip_fields = |fields: &mut Fields| fields.iter_mut().for_each(|field| strip(&mut field.attrs));
    match &mut item {
        Item::Struct(item) => {
            strip(&mut item.attrs);
            strip_fields(&mut item.fields);
        }
        Item::Enum(item) => {
            strip(&mut item.attrs);
            for variant in &mut item.variants {
                strip(&mut variant.attrs);
                strip_fields(&mut variant.fields);
            }
        }
        _ => {}
    }
    item
}

/// What serde is told of all of them.
fn derives() -> TokenStream {
    quote! {
        #[derive(::ferropyro::glue::serde::Serialize, ::ferropyro::glue::serde::Deserialize)]
        #[serde(crate = "::ferropyro::glue::serde")]
    }
}

fn refuse_generics(generics: &Generics, faults: &mut Faults) {
    if !generics.params.is_empty() {
        faults.at(generics, "a class of Python is one type: name the types of its fields");
    }
}

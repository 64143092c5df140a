//! An enum: several classes, one for each variant.
//!
//! On the wire there is no enum, only an object of one of the classes.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Fields, ItemEnum, Result, Variant, parse_quote};

use super::{class_name, derives, refuse_generics, serde_attributes};
use crate::attributes::{take, text};
use crate::faults::Faults;

/// Expands the attribute on an enum.
pub(super) fn expand(options: &TokenStream, mut item: ItemEnum) -> Result<TokenStream> {
    let mut faults = Faults::default();
    if !options.is_empty() {
        let message = "each variant is a class of its own: write `#[python_class]` alone, \
                       and `#[class(\"shapes.Circle\")]` on each variant";
        faults.at(options, message);
    }
    refuse_generics(&item.generics, &mut faults);
    serde_attributes::check(&item.attrs, &mut faults);
    if item.variants.is_empty() {
        faults.at(&item.ident, "there is no class in it: add a variant");
    }
    for variant in &mut item.variants {
        name(variant, &mut faults);
    }
    faults.finish()?;
    let derives = derives();
    Ok(quote! {
        #derives
        #[serde(tag = "__class__")]
        #item
    })
}

/// Puts serde's attribute in the place of ours.
fn name(variant: &mut Variant, faults: &mut Faults) {
    serde_attributes::check(&variant.attrs, faults);
    match &variant.fields {
        Fields::Named(_) | Fields::Unit => {}
        Fields::Unnamed(fields) if fields.unnamed.len() == 1 => {}
        Fields::Unnamed(fields) => faults.at(
            fields,
            "the attributes of an object have names: give the fields names, or put them into one struct",
        ),
    }
    let Some(mark) = take(&mut variant.attrs, "class", faults) else {
        faults.at(&variant.ident, "say which class it is: `#[class(\"shapes.Circle\")]`");
        return;
    };
    if let Some(name) = faults.take(text(&mark, "#[class(\"shapes.Circle\")]")) {
        faults.take(class_name::check(&name));
        variant.attrs.push(parse_quote!(#[serde(rename = #name)]));
    }
}

//! A struct with named fields: one class.
//!
//! Its fields are the attributes of the object in Python.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Error, Fields, ItemStruct, LitStr, Result};

use super::{class_name, derives, refuse_generics, serde_attributes};
use crate::faults::Faults;

/// Expands the attribute on a struct.
pub(super) fn expand(options: TokenStream, item: &ItemStruct) -> Result<TokenStream> {
    let mut faults = Faults::default();
    let name = faults.take(name(options));
    refuse_generics(&item.generics, &mut faults);
    serde_attributes::check(&item.attrs, &mut faults);
    match &item.fields {
        Fields::Named(_) => {}
        Fields::Unnamed(fields) => {
            faults.at(fields, "the attributes of an object have names: give the fields names");
        }
        Fields::Unit => {
            faults.at(&item.ident, "a class without fields is written with braces: `struct Name {}`");
        }
    }
    faults.finish()?;
    let derives = derives();
    Ok(quote! {
        #derives
        #[serde(tag = "__class__", rename = #name)]
        #item
    })
}

fn name(options: TokenStream) -> Result<LitStr> {
    let wanted = "say which class: `#[python_class(\"inventory.Part\")]`";
    let name = match syn::parse2::<LitStr>(options.clone()) {
        Ok(name) => name,
        Err(_) if options.is_empty() => return Err(Error::new(proc_macro2::Span::call_site(), wanted)),
        Err(_) => return Err(Error::new_spanned(options, wanted)),
    };
    class_name::check(&name)?;
    Ok(name)
}

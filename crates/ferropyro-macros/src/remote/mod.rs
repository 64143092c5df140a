//! `#[remote]`: from a trait, or an inherent `impl`, to a proxy and the glue that serves it.
//!
//! Attributes and signatures are read into a [`model::Remote`], and each part of the output is rendered from
//! that by a file of its own in [`render`]. Of an item that has faults, nothing but the item itself is.

mod inputs;
mod marks;
mod members;
mod method;
mod model;
mod of_impl;
mod of_trait;
mod options;
mod outcome;
mod parameter;
mod render;
#[cfg(test)]
mod tests;
mod types;
mod wire_name;

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::{Error, Item};

use crate::faults::{Faults, Refusal};

/// Expands the attribute.
pub(crate) fn expand(options: TokenStream, item: TokenStream) -> Result<TokenStream, Refusal> {
    let mut faults = Faults::default();
    let options = faults.take(options::Options::read(options)).unwrap_or_default();
    let remote = match syn::parse2(item)? {
        Item::Trait(item) => of_trait::read(options, item, &mut faults),
        Item::Impl(item) => match of_impl::type_name(&item) {
            Ok(name) => of_impl::read(options, item, name, &mut faults),
            Err(fault) => return Err(Refusal::new(fault, item)),
        },
        other => {
            let message = "`#[remote]` goes on a trait, or on an inherent `impl` block";
            return Err(Refusal::new(Error::new_spanned(first_word(&other), message), other));
        }
    };
    match faults.finish() {
        Ok(()) => Ok(render::render(&remote)),
        Err(fault) => Err(Refusal::new(fault, render::item(&remote))),
    }
}

/// What an error about a whole item points at: its name, since the item itself may be many lines.
fn first_word(item: &Item) -> TokenStream {
    let tokens = match item {
        Item::Struct(item) => item.ident.to_token_stream(),
        Item::Enum(item) => item.ident.to_token_stream(),
        Item::Fn(item) => item.sig.ident.to_token_stream(),
        Item::Mod(item) => item.ident.to_token_stream(),
        other => other.to_token_stream(),
    };
    tokens.into_iter().take(1).collect()
}

//! `#[derive(RemoteError)]`: an error of the user's as an exception of Python, and back.
//!
//! The type and its attributes are read into a [`model::ErrorType`]; [`render`] makes the `impl`s from that. The
//! message is none of its business: that is what the type's `Display` says.

mod builtins;
mod model;
mod render;
#[cfg(test)]
mod tests;

use proc_macro2::TokenStream;
use syn::Result;

/// Expands the derive.
pub(crate) fn expand(item: TokenStream) -> Result<TokenStream> {
    let item = model::ErrorType::read(syn::parse2(item)?)?;
    Ok(render::render(&item))
}

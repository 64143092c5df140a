//! The output of `#[remote]`, one file for each part of it.
//!
//! Everything here is sure to succeed: what could be wrong was noticed when the item was read.

mod dispatch;
mod interface;
mod item;
mod methods;
mod proxy;
mod serving;
#[cfg(test)]
mod tests;

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use super::model::Remote;

/// Renders everything.
pub(super) fn render(remote: &Remote) -> TokenStream {
    let parts = [
        item::render(remote),
        proxy::render(remote),
        methods::render(remote),
        interface::render(remote),
        dispatch::render(remote),
        serving::render(remote),
    ];
    parts.into_iter().collect()
}

/// Renders the item alone.
pub(super) fn item(remote: &Remote) -> TokenStream {
    item::render(remote)
}

/// A variable of the output that no name of the user's can meet.
fn ours(name: &str) -> Ident {
    Ident::new(name, Span::mixed_site())
}

/// Lints are for what people write. The proxy of a program's own trait is more than the program uses of it.
fn quiet() -> TokenStream {
    quote! {
        #[allow(
            dead_code,
            deprecated,
            non_snake_case,
            private_bounds,
            private_interfaces,
            unreachable_pub,
            clippy::all,
            clippy::pedantic,
            clippy::nursery,
            clippy::restriction
        )]
    }
}

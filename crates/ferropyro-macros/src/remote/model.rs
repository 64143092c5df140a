//! [`Remote`]: all that is known of an item, for those who render.
//!
//! It is made by [`of_trait`](super::of_trait) and [`of_impl`](super::of_impl), and has no faults any more.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{Attribute, ItemImpl, ItemTrait, Path, Visibility, parse_quote};

use super::members::Members;
use super::options::Options;

/// An item with methods that can be called from elsewhere.
pub(super) struct Remote {
    /// The item itself, without attributes of ours.
    pub(super) item: Item,
    /// The name of the trait or type.
    pub(super) name: Ident,
    /// The name of the proxy type.
    pub(super) proxy: Ident,
    /// Who sees the proxy type.
    pub(super) vis: Visibility,
    /// The item's doc comments.
    pub(super) docs: Vec<Attribute>,
    /// What callers may use.
    pub(super) members: Members,
    krate: Path,
}

/// The item that `#[remote]` stands on.
pub(super) enum Item {
    /// Any number of types may implement it.
    Trait(Box<ItemTrait>),
    /// The methods of one type.
    Impl(Box<ItemImpl>),
}

impl Remote {
    /// Puts together what was read.
    pub(super) fn new(
        options: Options,
        item: Item,
        name: Ident,
        vis: Visibility,
        docs: Vec<Attribute>,
        members: Members,
    ) -> Self {
        let proxy =
            options.proxy.unwrap_or_else(|| format_ident!("{}Proxy", name.unraw(), span = name.span()));
        let krate = options.krate.unwrap_or_else(|| parse_quote!(::ferropyro));
        Self { item, name, proxy, vis, docs, members, krate }
    }

    /// The name of the type, as messages and people know it.
    pub(super) fn type_name(&self) -> String {
        self.name.unraw().to_string()
    }

    /// The path of the module with everything that the output uses.
    pub(super) fn glue(&self) -> TokenStream {
        let krate = &self.krate;
        quote!(#krate::glue)
    }

    /// The same, such that a type error points at a place in the user's text.
    pub(super) fn glue_at(&self, span: Span) -> TokenStream {
        let relocate = |mut token: proc_macro2::TokenTree| {
            token.set_span(span);
            token
        };
        self.glue().into_iter().map(relocate).collect()
    }

    /// The parameters of an `impl` for the objects behind the proxy: `<__T: Greeter>`, or nothing.
    pub(super) fn generics(&self) -> TokenStream {
        match &self.item {
            Item::Trait(item) => {
                let (object, name) = (object_parameter(), &item.ident);
                quote!(<#object: #name>)
            }
            Item::Impl(_) => TokenStream::new(),
        }
    }

    /// The type of the objects behind the proxy.
    pub(super) fn object(&self) -> TokenStream {
        match &self.item {
            Item::Trait(_) => object_parameter().into_token_stream(),
            Item::Impl(item) => item.self_ty.to_token_stream(),
        }
    }

    /// Where the methods are found: `<__T as Greeter>`, or `<Robot>`.
    pub(super) fn methods_of(&self) -> TokenStream {
        match &self.item {
            Item::Trait(item) => {
                let (object, name) = (object_parameter(), &item.ident);
                quote!(<#object as #name>)
            }
            Item::Impl(item) => {
                let object = &item.self_ty;
                quote!(<#object>)
            }
        }
    }
}

fn object_parameter() -> Ident {
    Ident::new("__T", Span::mixed_site())
}

/// The place of the user's tokens, for tokens of ours: lints see that they come out of a macro.
pub(super) fn place(tokens: &impl Spanned) -> Span {
    tokens.span().resolved_at(Span::call_site())
}

//! [`Parameter`]: one parameter of a remote method.
//!
//! How many there may be, and in which order, is checked by [`Inputs`](super::inputs::Inputs).

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::ext::IdentExt;
use syn::{Attribute, Expr, Meta, Pat, PatType, PathArguments, Type};

use super::types::{Place, is_proxy, refuse_borrowed, text, written};
use crate::attributes::take;
use crate::faults::Faults;

/// A parameter.
pub(super) struct Parameter {
    /// Its name in Rust.
    pub(super) ident: Ident,
    /// Its type.
    pub(super) ty: Type,
    /// What it is if the caller leaves it out, where that is allowed.
    pub(super) default: Option<TokenStream>,
}

impl Parameter {
    /// Reads one, and takes our attribute away from it.
    pub(super) fn read(written: &mut PatType, hint: &str, faults: &mut Faults) -> Option<Self> {
        for cfg in written.attrs.iter().filter(|attribute| is_cfg(attribute)) {
            let message = "the proxy and the object must agree on the parameters: put it on the whole trait";
            faults.at(cfg, message);
        }
        let default = take(&mut written.attrs, "default", faults).and_then(|mark| default(&mark, faults));
        refuse_borrowed(&written.ty, Place::Parameter, hint, faults);
        let Pat::Ident(name) = written.pat.as_ref() else {
            faults.at(
                &written.pat,
                "callers pass it by name: give it a plain one, such as `point: (i64, i64)`",
            );
            return None;
        };
        if name.by_ref.is_some() || name.subpat.is_some() {
            faults.at(name, "callers pass it by name: give it a plain one, such as `point: (i64, i64)`");
        }
        Some(Self { ident: name.ident.clone(), ty: written.ty.as_ref().clone(), default })
    }

    /// Its name for callers.
    pub(super) fn wire(&self) -> String {
        self.ident.unraw().to_string()
    }

    /// It as people read it: name, type, and a default that is short enough to say.
    pub(super) fn shown(&self) -> String {
        let mut shown = format!("{}: {}", self.wire(), text(&self.ty));
        let default = self.default.as_ref().and_then(|default| syn::parse2(default.clone()).ok());
        if let Some(default @ (Expr::Lit(_) | Expr::Path(_) | Expr::Unary(_))) = default {
            shown += " = ";
            shown += &default.to_token_stream().to_string().replace(" :: ", "::").replace("- ", "-");
        }
        shown
    }

    /// It in the signature of a proxy's method, and how the method makes an argument of it.
    pub(super) fn of_proxy(&self) -> (TokenStream, TokenStream) {
        let (ident, ty) = (&self.ident, &self.ty);
        if self.is_converted() {
            (
                quote!(#ident: impl ::core::convert::Into<#ty>),
                quote!(::core::convert::Into::<#ty>::into(#ident)),
            )
        } else {
            (quote!(#ident: #ty), quote!(#ident))
        }
    }

    /// Texts and proxies are mostly at hand as references: callers may pass those.
    fn is_converted(&self) -> bool {
        let Type::Path(path) = written(&self.ty) else { return false };
        let mut words = path.path.segments.iter().rev();
        let Some(last) = words.next() else { return false };
        let named = match last.ident.to_string().as_str() {
            "String" => words.next().is_none_or(|module| module.ident == "string"),
            name => is_proxy(name),
        };
        named && path.qself.is_none() && matches!(last.arguments, PathArguments::None)
    }
}

/// Whether an attribute makes what it stands on depend on the build.
pub(super) fn is_cfg(attribute: &Attribute) -> bool {
    attribute.path().is_ident("cfg") || attribute.path().is_ident("cfg_attr")
}

fn default(mark: &Attribute, faults: &mut Faults) -> Option<TokenStream> {
    let value = match &mark.meta {
        Meta::Path(_) => return Some(quote!(::core::default::Default::default())),
        Meta::List(list) => faults.take(list.parse_args::<Expr>())?,
        Meta::NameValue(_) => {
            faults.at(mark, "write it as `#[default(3)]`, or `#[default]` alone for the type's own default");
            return None;
        }
    };
    let value = value.to_token_stream();
    if let Some(word) = find_self(value.clone()) {
        faults.at(word, "a default knows nothing of the object: use a constant by its full path");
    }
    Some(value)
}

/// `self` or `Self`, which mean something else where the default is evaluated.
fn find_self(tokens: TokenStream) -> Option<Ident> {
    tokens.into_iter().find_map(|token| match token {
        TokenTree::Ident(word) if word == "self" || word == "Self" => Some(word),
        TokenTree::Group(group) => find_self(group.stream()),
        TokenTree::Ident(_) | TokenTree::Punct(_) | TokenTree::Literal(_) => None,
    })
}

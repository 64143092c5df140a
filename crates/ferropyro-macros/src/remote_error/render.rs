//! The `impl`s that make an exception of an error, and an error of an exception.
//!
//! What stands in the exception is the business of `glue::Raise` and `glue::Raised`.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{Fields, Member};

use super::model::{ErrorType, Variant};

/// Renders both directions.
pub(super) fn render(error: &ErrorType) -> TokenStream {
    let name = &error.name;
    let type_name = name.unraw().to_string();
    let (given, exception) = (ours("error"), ours("exception"));
    let (message, fields) = (ours("message"), ours("fields"));
    let raise = error.variants.iter().map(|variant| raise(&type_name, variant));
    let read = error.variants.iter().map(read);
    quote! {
        #[automatically_derived]
        impl ::core::convert::From<#name> for ::ferropyro::glue::Exception {
            fn from(#given: #name) -> Self {
                ::ferropyro::glue::RemoteError::into_exception(#given)
            }
        }

        #[automatically_derived]
        #[allow(deprecated, clippy::all, clippy::pedantic, clippy::nursery, clippy::restriction)]
        impl ::ferropyro::glue::RemoteError for #name {
            fn into_exception(self) -> ::ferropyro::glue::Exception {
                let #message = ::std::string::ToString::to_string(&self);
                match self {
                    #(#raise)*
                }
            }

            fn from_exception(#exception: &::ferropyro::glue::Exception) -> ::core::option::Option<Self> {
                let #fields = ::ferropyro::glue::Raised::read(#exception, #type_name)?;
                match #fields.variant() {
                    #(#read)*
                    _ => ::core::option::Option::None,
                }
            }
        }
    }
}

fn raise(type_name: &str, variant: &Variant) -> TokenStream {
    let (path, name, class, message) = (path(variant), name(variant), &variant.class, ours("message"));
    let bound = bound(&variant.fields);
    let pattern = match &variant.fields {
        Fields::Named(_) => {
            let names = bound.iter().map(|(variable, _)| variable);
            quote!(#path { #(#names),* })
        }
        Fields::Unnamed(_) => {
            let names = bound.iter().map(|(variable, _)| variable);
            quote!(#path(#(#names),*))
        }
        Fields::Unit => path,
    };
    let fields = bound.iter().map(|(variable, key)| quote!(.field(#key, &#variable)));
    quote! {
        #pattern => ::ferropyro::glue::Raise::new(#type_name, #name, #class, #message)
            #(#fields)*
            .finish(),
    }
}

fn read(variant: &Variant) -> TokenStream {
    let (path, name, fields) = (path(variant), name(variant), ours("fields"));
    let keys = bound(&variant.fields);
    let read = variant.fields.iter().zip(&keys).map(|(field, (variable, key))| {
        // A type that cannot be decoded is told where it stands.
        let span = field.ty.span().resolved_at(Span::call_site());
        let value = quote_spanned!(span=> #fields.get(#key)?);
        match field.ident {
            Some(_) => quote!(#variable: #value),
            None => value,
        }
    });
    let made = match &variant.fields {
        Fields::Named(_) => quote!(#path { #(#read),* }),
        Fields::Unnamed(_) => quote!(#path(#(#read),*)),
        Fields::Unit => path,
    };
    quote!(#name => ::core::option::Option::Some(#made),)
}

/// For each field the variable that it is bound to, and its key in the exception.
fn bound(fields: &Fields) -> Vec<(Ident, String)> {
    let bind = |member: Member| match member {
        Member::Named(name) => {
            let key = name.unraw().to_string();
            (name, key)
        }
        Member::Unnamed(index) => {
            (format_ident!("f{}", index.index, span = Span::mixed_site()), index.index.to_string())
        }
    };
    fields.members().map(bind).collect()
}

fn path(variant: &Variant) -> TokenStream {
    match &variant.name {
        Some(name) => quote!(Self::#name),
        None => quote!(Self),
    }
}

fn name(variant: &Variant) -> String {
    variant.name.as_ref().map(|name| name.unraw().to_string()).unwrap_or_default()
}

fn ours(name: &str) -> Ident {
    Ident::new(name, Span::mixed_site())
}

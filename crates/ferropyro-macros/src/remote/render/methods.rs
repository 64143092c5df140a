//! The methods of the proxy: how to make one, and a method that makes a call for each remote one.
//!
//! A call owns its arguments; nothing is sent here.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::{Attribute, Type};

use super::{ours, quiet};
use crate::remote::method::{Method, Role};
use crate::remote::model::{Remote, place};

/// Renders the inherent `impl` of the proxy.
pub(super) fn render(remote: &Remote) -> TokenStream {
    let (glue, proxy, name, quiet) = (remote.glue(), &remote.proxy, remote.type_name(), quiet());
    let (object, daemon, id) = (ours("object"), ours("daemon"), ours("id"));
    let local = format!(
        " A proxy for an object of this program, which nobody else can reach. Arguments and results pass as they \
         are, without a codec. The object is a `{name}`, or `Instances` that make one."
    );
    let serve = format!(
        " Serves an object under an id, and gives a proxy for it. The object is a `{name}`, or `Instances` that \
         make one."
    );
    let kept = kept(remote);
    let methods = remote.members.iter().map(|(_, method)| call(remote, method));
    quote! {
        #quiet
        impl #proxy {
            #[doc = #local]
            #[must_use]
            pub fn local<O>(#object: O) -> Self
            where
                Self: #glue::ServedBy<O>,
            {
                #glue::local(#object)
            }

            #[doc = #serve]
            ///
            /// # Errors
            ///
            /// The id is taken.
            pub fn serve<O>(#daemon: &#glue::Daemon, #id: &str, #object: O) -> #glue::Result<Self>
            where
                Self: #glue::ServedBy<O>,
            {
                #daemon.serve(#id, #object)
            }

            #kept
            #(#methods)*
        }
    }
}

/// The methods of an untyped proxy that give another one, so that it keeps its type; a remote method of that name
/// takes its place.
fn kept(remote: &Remote) -> TokenStream {
    let glue = remote.glue();
    let (timeout, codec) = (ours("timeout"), ours("codec"));
    let methods = [
        (
            "fork",
            quote! {
                /// A proxy for the same object with a session of its own.
                #[must_use]
                pub fn fork(&self) -> Self {
                    Self(self.0.fork())
                }
            },
        ),
        (
            "with_timeout",
            quote! {
                /// The same proxy with a time limit for its calls.
                #[must_use]
                pub fn with_timeout(&self, #timeout: ::core::time::Duration) -> Self {
                    Self(self.0.with_timeout(#timeout))
                }
            },
        ),
        (
            "with_codec",
            quote! {
                /// The same proxy with a serializer for its calls.
                #[must_use]
                pub fn with_codec(&self, #codec: #glue::Codec) -> Self {
                    Self(self.0.with_codec(#codec))
                }
            },
        ),
    ];
    let is_remote = |name: &str| remote.members.iter().any(|(_, method)| method.ident == name);
    methods.into_iter().filter(|(name, _)| !is_remote(name)).map(|(_, method)| method).collect()
}

fn call(remote: &Remote, method: &Method) -> TokenStream {
    let (glue, ident, wire) = (remote.glue(), &method.ident, &method.wire);
    let (parameters, values): (Vec<_>, Vec<_>) =
        method.inputs.required.iter().map(|parameter| parameter.of_proxy()).unzip();
    let arguments = required(method);
    let (value, kind) = (&method.outcome.value, method.outcome.kind(remote));
    let error = match &method.outcome.error {
        Some(error) => quote!(#error),
        None => quote!(#glue::Infallible),
    };
    // What the compiler has to say of the result, it says at the result.
    let span = method.outcome.place().unwrap_or_else(|| place(ident));
    let at = remote.glue_at(span);
    let make = match method.role {
        Role::Call => quote_spanned!(span=> #at::method::<#kind, #arguments>(&self.0, #wire, (#(#values,)*))),
        Role::Oneway => quote_spanned!(span=> #at::oneway(&self.0, #wire, (#(#values,)*))),
        Role::Get => quote_spanned!(span=> #at::get::<#kind>(&self.0, #wire)),
        Role::Set => quote_spanned!(span=> #at::set::<#kind, #arguments>(&self.0, #wire, (#(#values,)*))),
    };
    let (shared, doc, optional) = (&method.shared, doc(method), optional(method));
    quote! {
        #doc
        #(#shared)*
        #optional
        pub fn #ident(&self, #(#parameters),*) -> #glue::Call<#value, #error, #arguments> {
            #make
        }
    }
}

/// The tuple of the types that callers have to pass.
pub(super) fn required(method: &Method) -> TokenStream {
    tuple(method, &method.inputs.required.iter().map(|parameter| &parameter.ty).collect::<Vec<_>>())
}

/// A tuple of types. An error about one type in it points at that one, about several at the method.
pub(super) fn tuple(method: &Method, types: &[&Type]) -> TokenStream {
    let span = match types {
        [one] => place(one),
        _ => place(&method.ident),
    };
    quote_spanned!(span=> (#(#types,)*))
}

/// What callers may add, which the signature does not show.
fn optional(method: &Method) -> Option<TokenStream> {
    let shown = method.inputs.optional.iter().map(|parameter| format!("`{}`", parameter.shown()));
    let shown = shown.collect::<Vec<_>>().join(", ");
    if shown.is_empty() {
        return None;
    }
    let line = format!(" Optional, given with `.arg(name, value)`: {shown}.");
    Some(quote! {
        #[doc = ""]
        #[doc = #line]
    })
}

/// A line for a method that has no documentation of its own.
fn doc(method: &Method) -> Option<TokenStream> {
    let is_doc = |attribute: &Attribute| attribute.path().is_ident("doc");
    if method.shared.iter().any(is_doc) {
        return None;
    }
    let wire = &method.wire;
    let line = match method.role {
        Role::Call => format!(" Calls `{wire}` of the object."),
        Role::Oneway => format!(" Calls `{wire}` of the object, and does not wait for it."),
        Role::Get => format!(" Reads the attribute `{wire}` of the object."),
        Role::Set => format!(" Sets the attribute `{wire}` of the object."),
    };
    Some(quote!(#[doc = #line]))
}

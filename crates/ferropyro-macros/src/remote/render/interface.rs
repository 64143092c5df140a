//! The interface: what the daemon tells callers of the object.
//!
//! Its order is the one that [`dispatch`](super::dispatch) counts by.

use proc_macro2::TokenStream;
use quote::quote;

use super::quiet;
use crate::attributes::doc_text;
use crate::remote::members::Attribute;
use crate::remote::method::{Method, Role};
use crate::remote::model::Remote;

/// Renders what the proxy knows of its objects.
pub(super) fn render(remote: &Remote) -> TokenStream {
    let (glue, proxy, name, quiet) = (remote.glue(), &remote.proxy, remote.type_name(), quiet());
    let doc = doc_text(&remote.docs).map(|doc| quote!(.doc_of_type(#doc)));
    let methods = remote.members.calls().map(|call| method(remote, call));
    let attributes = remote.members.attributes();
    let attributes = attributes.iter().map(|one| attribute(remote, one));
    quote! {
        #[automatically_derived]
        #quiet
        impl #glue::Proxy for #proxy {
            fn interface() -> &'static #glue::Interface {
                static INTERFACE: ::std::sync::LazyLock<#glue::Interface> = ::std::sync::LazyLock::new(|| {
                    #glue::Interface::new(#name)
                        #doc
                        #(#methods)*
                        #(#attributes)*
                });
                &INTERFACE
            }
        }
    }
}

fn method(remote: &Remote, method: &Method) -> TokenStream {
    let (glue, wire) = (remote.glue(), &method.wire);
    let doc = method.doc.as_ref().map(|doc| quote!(.doc(#doc)));
    let oneway = (method.role == Role::Oneway).then(|| quote!(.oneway()));
    let names: Vec<String> = method.inputs.iter().map(|parameter| parameter.wire()).collect();
    let parameters = quote!(.parameters::<&str>([#(#names),*]));
    let count = method.inputs.optional.len();
    let optional = (count > 0).then(|| quote!(.optional(#count)));
    quote!(.method(#wire, #glue::MethodInfo::new() #doc #oneway #parameters #optional))
}

fn attribute(remote: &Remote, attribute: &Attribute<'_>) -> TokenStream {
    let (glue, wire) = (remote.glue(), attribute.name);
    let doc = attribute.doc().map(|doc| quote!(.doc(#doc)));
    let readable = attribute.get.map(|_| quote!(.readable()));
    let writable = attribute.set.map(|_| quote!(.writable()));
    quote!(.attribute(#wire, #glue::AttributeInfo::new() #doc #readable #writable))
}

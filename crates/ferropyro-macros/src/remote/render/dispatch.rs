//! Dispatch: from a request to the method that it means.
//!
//! Names were resolved by the daemon: members are known by their number in the interface.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};

use super::methods::{required, tuple};
use super::{ours, quiet};
use crate::remote::method::{Method, Role};
use crate::remote::model::{Remote, place};
use crate::remote::parameter::Parameter;

/// Renders the glue between requests and the object.
pub(super) fn render(remote: &Remote) -> TokenStream {
    let (glue, proxy, quiet) = (remote.glue(), &remote.proxy, quiet());
    let (generics, object_type) = (remote.generics(), remote.object());
    let (object, request, slot) = (ours("__object"), ours("__request"), ours("__slot"));
    let arms = remote.members.iter().map(|(index, method)| arm(remote, index, method));
    quote! {
        #[automatically_derived]
        #quiet
        impl #generics #glue::Glue<#object_type> for #proxy {
            fn dispatch(
                #object: ::std::sync::Arc<#object_type>,
                #request: #glue::Request,
                #slot: &mut #glue::Slot,
            ) {
                match (#request.kind(), #request.index()) {
                    #(#arms)*
                    _ => #glue::unknown(#request, #slot),
                }
            }
        }
    }
}

fn arm(remote: &Remote, index: usize, method: &Method) -> TokenStream {
    // What the compiler has to say of a call, it says at the name of the method.
    let span = place(&method.ident);
    let glue = remote.glue_at(span);
    let (object, request, slot) = (ours("__object"), ours("__request"), ours("__slot"));
    let kind = match method.role {
        Role::Call | Role::Oneway => quote!(Method),
        Role::Get => quote!(GetAttribute),
        Role::Set => quote!(SetAttribute),
    };
    let (outcome, required) = (method.outcome.kind(remote), required(method));
    let types: Vec<_> = method.inputs.optional.iter().map(|parameter| &parameter.ty).collect();
    let optional = tuple(method, &types);
    let (signature, variables) = (signature(remote, method), variables(method));
    let (methods, ident) = (remote.methods_of(), &method.ident);
    let all = method.inputs.iter().map(|parameter| &parameter.ident);
    let defaults = method.inputs.optional.iter().map(default);
    let call = quote_spanned!(span=> #methods::#ident(&*#object, #(#all),*));
    let run = if method.is_async {
        quote_spanned! {span=>
            #glue::run::<#outcome, #required, #optional, _, _>(
                #request,
                #slot,
                #signature,
                move |#variables| async move {
                    #(#defaults)*
                    #call.await
                },
            )
        }
    } else {
        quote_spanned! {span=>
            #glue::block::<#outcome, #required, #optional, _>(
                #request,
                #slot,
                #signature,
                move |#variables| {
                    #(#defaults)*
                    #call
                },
            )
        }
    };
    let glue = remote.glue();
    quote!((#glue::RequestKind::#kind, #index) => #run,)
}

fn signature(remote: &Remote, method: &Method) -> TokenStream {
    let (glue, wire) = (remote.glue(), &method.wire);
    let names = |parameters: &[Parameter]| parameters.iter().map(Parameter::wire).collect::<Vec<_>>();
    let (required, optional) = (names(&method.inputs.required), names(&method.inputs.optional));
    quote!(const { &#glue::Signature::new(#wire, &[#(#required),*], &[#(#optional),*]) })
}

/// The patterns that give the arguments their names.
fn variables(method: &Method) -> TokenStream {
    let required = method.inputs.required.iter().map(|parameter| &parameter.ident);
    let optional = method.inputs.optional.iter().map(|parameter| &parameter.ident);
    quote!((#(#required,)*), (#(#optional,)*))
}

fn default(parameter: &Parameter) -> TokenStream {
    let (ident, default) = (&parameter.ident, &parameter.default);
    quote!(let #ident = #ident.unwrap_or_else(|| #default);)
}

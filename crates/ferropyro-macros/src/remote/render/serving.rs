//! Serving: which objects a proxy can stand for.
//!
//! An object is served as it is, shared with the program that keeps it, or made by `Instances` when somebody needs
//! one.

use proc_macro2::TokenStream;
use quote::quote;

use super::{ours, quiet};
use crate::remote::model::Remote;

/// Renders the ways to serve.
pub(super) fn render(remote: &Remote) -> TokenStream {
    let (glue, proxy, quiet) = (remote.glue(), &remote.proxy, quiet());
    let (generics, object_type, object) = (remote.generics(), remote.object(), ours("object"));
    quote! {
        #[automatically_derived]
        #quiet
        impl #generics #glue::ServedBy<#object_type> for #proxy {
            type Object = #object_type;

            fn instances(#object: #object_type) -> #glue::Instances<#object_type> {
                #glue::Instances::shared(#object)
            }
        }

        #[automatically_derived]
        #quiet
        impl #generics #glue::ServedBy<::std::sync::Arc<#object_type>> for #proxy {
            type Object = #object_type;

            fn instances(#object: ::std::sync::Arc<#object_type>) -> #glue::Instances<#object_type> {
                #glue::Instances::shared_arc(#object)
            }
        }

        #[automatically_derived]
        #quiet
        impl #generics #glue::ServedBy<#glue::Instances<#object_type>> for #proxy {
            type Object = #object_type;

            fn instances(#object: #glue::Instances<#object_type>) -> #glue::Instances<#object_type> {
                #object
            }
        }
    }
}

//! The proxy type, and what it can be made from and into.
//!
//! Its remote methods are rendered apart.

use proc_macro2::TokenStream;
use quote::quote;

use super::{ours, quiet};
use crate::remote::model::{Item, Remote};

/// Renders the type with its conversions.
pub(super) fn render(remote: &Remote) -> TokenStream {
    let conversions = [definition(remote), of_any_proxy(remote), of_values(remote), shown(remote)];
    conversions.into_iter().collect()
}

fn definition(remote: &Remote) -> TokenStream {
    let (glue, proxy, vis, docs, quiet) = (remote.glue(), &remote.proxy, &remote.vis, &remote.docs, quiet());
    let name = remote.type_name();
    // An `impl` is documented as a block of methods; what it says goes for the proxy as well.
    let doc = match remote.item {
        Item::Trait(_) => format!(" A proxy for a [`{name}`], in another process or in this one."),
        Item::Impl(_) => format!(" A proxy for a `{name}`, in another process or in this one."),
    };
    let more = (!docs.is_empty()).then(|| quote!(#[doc = ""]));
    quote! {
        #[doc = #doc]
        #more
        #(#docs)*
        #[derive(
            ::core::clone::Clone,
            ::core::cmp::PartialEq,
            ::core::cmp::Eq,
            ::core::hash::Hash,
        )]
        #quiet
        #vis struct #proxy(#glue::AnyProxy);
    }
}

fn of_any_proxy(remote: &Remote) -> TokenStream {
    let (glue, proxy) = (remote.glue(), &remote.proxy);
    let given = ours("proxy");
    quote! {
        #[automatically_derived]
        impl ::core::ops::Deref for #proxy {
            type Target = #glue::AnyProxy;

            fn deref(&self) -> &Self::Target {
                &self.0
            }
        }

        #[automatically_derived]
        impl ::core::convert::From<#glue::AnyProxy> for #proxy {
            fn from(#given: #glue::AnyProxy) -> Self {
                Self(#given)
            }
        }

        #[automatically_derived]
        impl ::core::convert::From<#proxy> for #glue::AnyProxy {
            fn from(#given: #proxy) -> Self {
                #given.0
            }
        }

        #[automatically_derived]
        impl ::core::convert::From<&#proxy> for #proxy {
            fn from(#given: &#proxy) -> Self {
                ::core::clone::Clone::clone(#given)
            }
        }
    }
}

fn of_values(remote: &Remote) -> TokenStream {
    let (glue, proxy) = (remote.glue(), &remote.proxy);
    let (given, codec) = (ours("proxy"), ours("codec"));
    quote! {
        #[automatically_derived]
        impl ::core::convert::From<#proxy> for #glue::Value {
            fn from(#given: #proxy) -> Self {
                <#glue::Value as ::core::convert::From<&#glue::AnyProxy>>::from(&#given.0)
            }
        }

        #[automatically_derived]
        impl ::core::convert::From<&#proxy> for #glue::Value {
            fn from(#given: &#proxy) -> Self {
                <#glue::Value as ::core::convert::From<&#glue::AnyProxy>>::from(&#given.0)
            }
        }

        #[automatically_derived]
        impl #glue::Serialize for #proxy {
            fn serialize<S: #glue::Serializer>(
                &self,
                #codec: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                #glue::Serialize::serialize(&self.0, #codec)
            }
        }

        #[automatically_derived]
        impl<'de> #glue::Deserialize<'de> for #proxy {
            fn deserialize<D: #glue::Deserializer<'de>>(
                #codec: D,
            ) -> ::core::result::Result<Self, D::Error> {
                <#glue::AnyProxy as #glue::Deserialize<'de>>::deserialize(#codec).map(Self)
            }
        }
    }
}

fn shown(remote: &Remote) -> TokenStream {
    let proxy = &remote.proxy;
    let (name, formatter) = (proxy.to_string(), ours("formatter"));
    quote! {
        #[automatically_derived]
        impl ::core::fmt::Debug for #proxy {
            fn fmt(&self, #formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                #formatter.debug_tuple(#name).field(&::core::format_args!("{}", self.0.uri())).finish()
            }
        }
    }
}

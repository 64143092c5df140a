//! The item itself: a trait whose futures can go to other threads, or an `impl` as it was written.
//!
//! Our attributes have been taken out when it was read.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote, quote_spanned};
use syn::{
    Expr, ItemTrait, ReturnType, Stmt, Token, TraitItem, TraitItemFn, Type, parse_quote, parse_quote_spanned,
};

use crate::remote::model::{Item, Remote, place};

/// Renders the item.
pub(super) fn render(remote: &Remote) -> TokenStream {
    match &remote.item {
        Item::Trait(item) => definition(item),
        // Remote methods have to be `pub`, even of a type that only this crate sees, and are `async` because they
        // do not block, whether they wait for something or not.
        Item::Impl(item) => quote!(#[allow(unreachable_pub, clippy::unused_async)] #item),
    }
}

fn definition(item: &ItemTrait) -> TokenStream {
    let mut item = item.clone();
    if !item.supertraits.is_empty() {
        // Ours may be among the user's.
        item.attrs.push(parse_quote!(#[allow(clippy::trait_duplication_in_bounds)]));
    }
    item.colon_token.get_or_insert_default();
    item.supertraits.extend::<[syn::TypeParamBound; 3]>([
        parse_quote!(::core::marker::Send),
        parse_quote!(::core::marker::Sync),
        parse_quote!('static),
    ]);
    for member in &mut item.items {
        if let TraitItem::Fn(method) = member {
            spell_out_future(method);
        }
    }
    item.into_token_stream()
}

/// An `async fn` of a trait says nothing of threads, so its future is spelled out.
fn spell_out_future(method: &mut TraitItemFn) {
    let Some(word) = method.sig.asyncness.take() else { return };
    let span = place(&word);
    let (arrow, declared) = match &method.sig.output {
        ReturnType::Default => (Token![->](span), quote!(())),
        ReturnType::Type(arrow, declared) => (*arrow, declared.to_token_stream()),
    };
    let future = quote_spanned! {span=>
        impl ::core::future::Future<Output = #declared> + ::core::marker::Send
    };
    method.sig.output = ReturnType::Type(arrow, Box::new(Type::Verbatim(future)));
    if let Some(body) = &mut method.default {
        let moved = quote_spanned!(span=> async move #body);
        body.stmts = vec![Stmt::Expr(Expr::Verbatim(moved), None)];
        method.attrs.push(parse_quote_spanned!(span=> #[allow(clippy::manual_async_fn)]));
    }
}

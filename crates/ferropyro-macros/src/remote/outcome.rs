//! [`Outcome`]: what a method gives, as its signature says.
//!
//! The kind is told by the last word of the type alone: a macro knows no types. So `Result<T, E>` and
//! `Stream<T>` have to be written out; an alias of them is taken for a value.

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;
use syn::{GenericArgument, PathArguments, PathSegment, ReturnType, Type, parse_quote};

use super::model::{Remote, place};
use super::types::{Place, refuse_borrowed, written};
use crate::faults::Faults;

/// The kind of result.
pub(super) struct Outcome {
    /// What the caller gets if all is well: `T`, or `Stream<T>`.
    pub(super) value: Type,
    /// What a method may fail with.
    pub(super) error: Option<Type>,
    /// The items, if it gives items.
    item: Option<Type>,
    at: Option<Span>,
}

impl Outcome {
    /// Reads what stands after the arrow.
    pub(super) fn read(output: &ReturnType, hint: &str, faults: &mut Faults) -> Self {
        let ReturnType::Type(_, declared) = output else {
            return Self { value: parse_quote!(()), error: None, item: None, at: None };
        };
        refuse_borrowed(declared, Place::Result, hint, faults);
        let at = Some(place(declared));
        let (value, error) = match word(declared) {
            Some(segment) if segment.ident == "Result" => match types(segment).as_slice() {
                [value, error] => ((*value).clone(), Some((*error).clone())),
                _ => {
                    faults.at(declared, "write both: `Result<T, E>`; `E` implements `RemoteError`");
                    (declared.as_ref().clone(), None)
                }
            },
            _ => (declared.as_ref().clone(), None),
        };
        let item = match word(&value) {
            Some(segment) if segment.ident == "Stream" => match types(segment).as_slice() {
                [item] => Some((*item).clone()),
                _ => {
                    faults.at(&value, "name the type of the items: `Stream<T>`");
                    None
                }
            },
            _ => None,
        };
        Self { value, error, item, at }
    }

    /// Whether callers get nothing but the news that it is done.
    pub(super) fn is_unit(&self) -> bool {
        matches!(written(&self.value), Type::Tuple(tuple) if tuple.elems.is_empty())
    }

    /// Where it stands; `None` if the user wrote nothing.
    pub(super) fn place(&self) -> Option<Span> {
        self.at
    }

    /// The type that says how to give it to the caller: `glue::Fallible<T, E>`.
    pub(super) fn kind(&self, remote: &Remote) -> TokenStream {
        let span = self.at.unwrap_or_else(Span::call_site);
        let (glue, value) = (remote.glue_at(span), &self.value);
        match (&self.item, &self.error) {
            (None, None) => quote_spanned!(span=> #glue::Plain<#value>),
            (None, Some(error)) => quote_spanned!(span=> #glue::Fallible<#value, #error>),
            (Some(item), None) => quote_spanned!(span=> #glue::Items<#item>),
            (Some(item), Some(error)) => quote_spanned!(span=> #glue::FallibleItems<#item, #error>),
        }
    }
}

/// The last word of a type that is a path.
fn word(ty: &Type) -> Option<&PathSegment> {
    match written(ty) {
        Type::Path(path) => path.path.segments.last(),
        _ => None,
    }
}

fn types(segment: &PathSegment) -> Vec<&Type> {
    let PathArguments::AngleBracketed(arguments) = &segment.arguments else { return Vec::new() };
    let types = arguments.args.iter().map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    });
    types.collect::<Option<_>>().unwrap_or_default()
}

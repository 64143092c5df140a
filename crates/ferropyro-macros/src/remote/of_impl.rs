//! Reads an inherent `impl`: its `pub` methods with `&self` are remote, unless they are marked with `#[skip]`.
//!
//! What else stands in the block stays as it is, and callers never see it.

use proc_macro2::Ident;
use syn::{Error, ImplItem, ImplItemFn, ItemImpl, Result, Token, Type, Visibility};

use super::marks::Marks;
use super::members::Members;
use super::method::Method;
use super::model::{Item, Remote};
use super::of_trait::{docs, refuse_cfg};
use super::options::Options;
use super::types::written;
use crate::faults::Faults;

/// What else a user can do about a method that cannot be remote.
const HINT: &str = " (or leave the method out with `#[skip]`)";

/// Reads the `impl` block of a type of this name.
pub(super) fn read(options: Options, mut item: ItemImpl, name: Ident, faults: &mut Faults) -> Remote {
    let mut members = Members::default();
    refuse_generics(&item, faults);
    refuse_cfg(&item.attrs, faults);
    let mut offered = 0_usize;
    for member in &mut item.items {
        let method = match member {
            ImplItem::Fn(method) => method,
            ImplItem::Macro(invocation) => {
                let message = "`#[remote]` cannot see into a macro: write the methods out, \
                               or move it to an `impl` block of its own";
                faults.at(&invocation.mac.path, message);
                continue;
            }
            _ => continue,
        };
        let marks = Marks::take(&mut method.attrs, faults);
        if marks.skip.is_some() || !is_offered(method) {
            refuse_marks(&marks, faults);
            continue;
        }
        offered += 1;
        if let Some(method) = Method::read(&mut method.sig, &method.attrs, &marks, HINT, faults) {
            members.add(method, faults);
        }
    }
    if offered == 0 {
        faults.at(&item.self_ty, "nothing in it can be called: remote are `pub` methods that take `&self`");
    }
    let docs = docs(&item.attrs);
    let vis = Visibility::Public(<Token![pub]>::default());
    Remote::new(options, Item::Impl(Box::new(item)), name, vis, docs, members)
}

/// Whether a method is offered to everybody. One with another receiver than `&self` is too: it would be a
/// surprise to miss it without a word.
fn is_offered(method: &ImplItemFn) -> bool {
    matches!(method.vis, Visibility::Public(_)) && method.sig.receiver().is_some()
}

/// Refuses attributes that mean nothing on a method that is not remote.
fn refuse_marks(marks: &Marks, faults: &mut Faults) {
    if let Some(mark) = marks.any() {
        let message = if marks.skip.is_some() {
            "the method is left out with `#[skip]`: take out one of the two"
        } else {
            "callers do not see this method: make it `pub` with `&self`, or take this out"
        };
        faults.at(mark, message);
    }
}

/// The name of the type that the block is of. One without a name has no proxy.
pub(super) fn type_name(item: &ItemImpl) -> Result<Ident> {
    if let Some((path, _)) = &item.trait_ {
        let message = "`#[remote]` goes on the trait itself, or on an inherent `impl` block: \
                       an `impl` of a remote trait is served as it is";
        return Err(Error::new_spanned(path, message));
    }
    match written(&item.self_ty) {
        Type::Path(path) if path.qself.is_none() => match path.path.segments.last() {
            Some(word) => Ok(word.ident.clone()),
            None => Err(Error::new_spanned(path, "name a type")),
        },
        other => Err(Error::new_spanned(other, "only a type with a name has methods that can be remote")),
    }
}

fn refuse_generics(item: &ItemImpl, faults: &mut Faults) {
    if !item.generics.params.is_empty() {
        let message =
            "callers cannot choose types or lifetimes: a remote `impl` has no generics, name the types";
        faults.at(&item.generics, message);
    }
    if let Some(clause) = &item.generics.where_clause {
        faults.at(clause, "a remote `impl` goes for one type: take out the `where` clause");
    }
}

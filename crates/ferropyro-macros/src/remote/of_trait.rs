//! Reads a trait: all its methods are remote.
//!
//! What is checked here is the trait itself; methods are read by [`Method`].

use syn::{Attribute, Ident, ItemTrait, TraitItem};

use super::marks::Marks;
use super::members::Members;
use super::method::Method;
use super::model::{Item, Remote};
use super::options::Options;
use crate::faults::Faults;

/// Reads a trait.
pub(super) fn read(options: Options, mut item: ItemTrait, faults: &mut Faults) -> Remote {
    let mut members = Members::default();
    refuse_qualifiers(&item, faults);
    refuse_cfg(&item.attrs, faults);
    for member in &mut item.items {
        let method = match member {
            TraitItem::Fn(method) => method,
            TraitItem::Const(constant) => {
                refuse_member(&constant.ident, faults);
                continue;
            }
            TraitItem::Type(ty) => {
                refuse_member(&ty.ident, faults);
                continue;
            }
            TraitItem::Macro(invocation) => {
                faults.at(&invocation.mac.path, "`#[remote]` cannot see into a macro: write the methods out");
                continue;
            }
            other => {
                faults.at(other, "only methods can be remote: take it out of the trait");
                continue;
            }
        };
        if let Some(word) = &method.modifiers.defaultness {
            faults.at(word, "take out `default`");
        }
        let marks = Marks::take(&mut method.attrs, faults);
        if let Some(skip) = &marks.skip {
            faults.at(skip, "a trait is remote as a whole: move the method to another trait, or an `impl`");
        }
        if let Some(method) = Method::read(&mut method.sig, &method.attrs, &marks, "", faults) {
            members.add(method, faults);
        }
    }
    if item.items.is_empty() {
        faults.at(&item.ident, "nothing in it can be called: add a method");
    }
    let (name, vis) = (item.ident.clone(), item.vis.clone());
    let docs = docs(&item.attrs);
    Remote::new(options, Item::Trait(Box::new(item)), name, vis, docs, members)
}

fn refuse_qualifiers(item: &ItemTrait, faults: &mut Faults) {
    if let Some(word) = &item.modifiers.auto_token {
        faults.at(word, "take out `auto`: callers need methods");
    }
    if let Some(word) = &item.unsafety {
        faults.at(word, "callers elsewhere can promise nothing: take out `unsafe`");
    }
    if !item.generics.params.is_empty() {
        let message =
            "callers cannot choose types or lifetimes: a remote trait has no generics, name the types";
        faults.at(&item.generics, message);
    }
    if let Some(clause) = &item.generics.where_clause {
        faults.at(
            clause,
            "a remote trait has no `where` clause: put bounds after the colon, `trait Name: Bound`",
        );
    }
}

fn refuse_member(name: &Ident, faults: &mut Faults) {
    faults.at(name, "only methods can be remote: move it to another trait, or make it a method");
}

/// Refuses a condition that would go for the item alone, and leave its proxy behind.
pub(super) fn refuse_cfg(attributes: &[Attribute], faults: &mut Faults) {
    for cfg in attributes.iter().filter(|attribute| attribute.path().is_ident("cfg")) {
        faults.at(cfg, "put it above `#[remote]`, so that it goes for the proxy too");
    }
}

/// The doc comments among attributes.
pub(super) fn docs(attributes: &[Attribute]) -> Vec<Attribute> {
    attributes.iter().filter(|attribute| attribute.path().is_ident("doc")).cloned().collect()
}

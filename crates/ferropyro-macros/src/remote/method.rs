//! [`Method`]: a method of the user's that callers can use, read from its signature and checked.
//!
//! Which methods are remote at all is decided by [`of_trait`](super::of_trait) and
//! [`of_impl`](super::of_impl).

use proc_macro2::{Ident, TokenStream};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::{Attribute, Safety, Signature};

use super::inputs::Inputs;
use super::marks::{Access, Marks};
use super::outcome::Outcome;
use super::parameter::is_cfg;
use super::wire_name;
use crate::attributes::doc_text;
use crate::faults::Faults;

/// A remote method.
pub(super) struct Method {
    /// Its name in Rust.
    pub(super) ident: Ident,
    /// The name of its member for callers.
    pub(super) wire: String,
    /// The tokens that gave it that name.
    pub(super) wire_at: TokenStream,
    /// What callers use it for.
    pub(super) role: Role,
    /// Whether it is an `async fn`; others may block.
    pub(super) is_async: bool,
    /// What it takes.
    pub(super) inputs: Inputs,
    /// What it gives.
    pub(super) outcome: Outcome,
    /// What it does, for people.
    pub(super) doc: Option<String>,
    /// Those of its attributes that go for the proxy's method too.
    pub(super) shared: Vec<Attribute>,
}

/// What a method is for its callers.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// They call it, and wait.
    Call,
    /// They call it, and do not wait.
    Oneway,
    /// They read an attribute.
    Get,
    /// They set an attribute.
    Set,
}

impl Role {
    /// What it does with an attribute, if it does.
    pub(super) fn access(self) -> Option<Access> {
        match self {
            Self::Call | Self::Oneway => None,
            Self::Get => Some(Access::Get),
            Self::Set => Some(Access::Set),
        }
    }
}

impl Method {
    /// Reads a method, and takes our attributes away from its parameters. `hint` says how else the user can
    /// get rid of a fault.
    pub(super) fn read(
        signature: &mut Signature,
        attributes: &[Attribute],
        marks: &Marks,
        hint: &str,
        faults: &mut Faults,
    ) -> Option<Self> {
        refuse_qualifiers(signature, hint, faults);
        for cfg in attributes.iter().filter(|attribute| is_cfg(attribute)) {
            faults.at(
                cfg,
                "the proxy and the object must agree on the methods: put the `#[cfg]` on the whole trait or impl",
            );
        }
        check_name(&signature.ident, faults);
        let inputs = Inputs::read(signature, hint, faults);
        let outcome = Outcome::read(&signature.output, hint, faults);
        let role = match (&marks.oneway, &marks.attr) {
            (None, None) => Role::Call,
            (Some(_), None) => Role::Oneway,
            (None, Some((_, Access::Get))) => Role::Get,
            (None, Some((_, Access::Set))) => Role::Set,
            (Some(oneway), Some(_)) => {
                faults
                    .at(oneway, "an attribute is read or set, not called: take out `#[oneway]` or `#[attr]`");
                return None;
            }
        };
        let (wire, wire_at) = wire(&signature.ident, role, marks, faults)?;
        let method = Self {
            ident: signature.ident.clone(),
            wire,
            wire_at,
            role,
            is_async: signature.asyncness.is_some(),
            inputs,
            outcome,
            doc: doc_text(attributes),
            shared: attributes.iter().filter(|attribute| is_shared(attribute)).cloned().collect(),
        };
        method.check_role(signature, faults);
        Some(method)
    }

    /// Checks that the signature suits what the method is for.
    fn check_role(&self, signature: &Signature, faults: &mut Faults) {
        let is_unit = self.outcome.is_unit();
        match self.role {
            Role::Call => {}
            Role::Oneway if is_unit && self.outcome.error.is_none() => {}
            Role::Oneway => faults.at(
                &signature.output,
                "nobody waits for a `#[oneway]` method: it has no result; take out the result or `#[oneway]`",
            ),
            Role::Get => {
                if let Some(parameter) = self.inputs.iter().next() {
                    let message = "`#[attr]` reads an attribute, which takes no parameters: \
                                   set it with `#[attr(set)]`, or make this a method";
                    faults.at(&parameter.ident, message);
                }
                if is_unit {
                    let message = "`#[attr]` reads an attribute: say with `-> T` what it is";
                    faults.at(&signature.ident, message);
                }
            }
            Role::Set => {
                if self.inputs.count != 1 || !self.inputs.optional.is_empty() {
                    let message = "`#[attr(set)]` takes one parameter, the new value, and no `#[default]`";
                    faults.at(&signature.ident, message);
                }
                if !is_unit {
                    let message = "setting an attribute gives nothing: \
                                   take out the result, or use `Result<(), E>` if it can fail";
                    faults.at(&signature.output, message);
                }
            }
        }
    }
}

fn refuse_qualifiers(signature: &Signature, hint: &str, faults: &mut Faults) {
    let mut refuse =
        |tokens: &dyn ToTokens, message: &str| faults.at(tokens, format_args!("{message}{hint}"));
    if let Some(word) = &signature.constness {
        refuse(word, "a remote method runs when it is called: take out `const`");
    }
    match &signature.safety {
        Safety::Unsafe(word) => refuse(word, "callers elsewhere can promise nothing: take out `unsafe`"),
        Safety::Safe(word) => refuse(word, "take out `safe`"),
        Safety::Default => {}
    }
    if let Some(abi) = &signature.abi {
        refuse(abi, "a remote method is called by the daemon alone: take out `extern`");
    }
    if let Some(dots) = &signature.variadic {
        refuse(dots, "a remote method has named parameters: use a `Vec<T>` for any number of values");
    }
    if !signature.generics.params.is_empty() {
        let message =
            "callers cannot choose types or lifetimes: a remote method has no generics, name the types";
        refuse(&signature.generics, message);
    }
    if let Some(clause) = &signature.generics.where_clause {
        refuse(clause, "a remote method can always be called: take out the `where` clause");
    }
}

/// Names that mean something else when they are called on a proxy: its own methods, and those that every type
/// has by value, which the compiler finds before any that takes `&self`.
const RESERVED: [&str; 5] = ["clone", "into", "local", "serve", "try_into"];

fn check_name(ident: &Ident, faults: &mut Faults) {
    let name = ident.unraw().to_string();
    if RESERVED.contains(&name.as_str()) {
        let message = format!(
            "every proxy has a method `{name}` already: rename this one and keep the name for callers, \
             `#[name(\"{name}\")] async fn {name}_it`"
        );
        faults.at(ident, message);
    }
}

/// The name for callers, and the tokens that say so.
fn wire(ident: &Ident, role: Role, marks: &Marks, faults: &mut Faults) -> Option<(String, TokenStream)> {
    let own = ident.unraw().to_string();
    let (name, at) = match (&marks.name, role) {
        (Some((_, name)), _) => (name.value(), name.to_token_stream()),
        (None, Role::Call | Role::Oneway | Role::Get) => (own, ident.to_token_stream()),
        (None, Role::Set) => match own.strip_prefix("set_") {
            Some(name) if !name.is_empty() => (name.to_owned(), ident.to_token_stream()),
            _ => {
                let message = format!(
                    "it is not clear which attribute it sets: call it `set_{own}`, \
                     or give the attribute's name with `#[name(\"…\")]`"
                );
                faults.at(ident, message);
                return None;
            }
        },
    };
    if let Some(message) = wire_name::fault(&name) {
        faults.at(&at, message);
    }
    Some((name, at))
}

/// Whether an attribute of a method goes for the method of the proxy too.
fn is_shared(attribute: &Attribute) -> bool {
    attribute.path().is_ident("doc") || attribute.path().is_ident("deprecated")
}

//! Types that cannot travel, refused with what to write in their place.
//!
//! Only what a signature shows can be told: whether a type can be encoded, the compiler finds out.

use quote::ToTokens;
use syn::visit::{self, Visit};
use syn::{Lifetime, Path, Type, TypeImplTrait, TypeReference, TypeTraitObject};

use crate::faults::Faults;

/// Where a type stands.
#[derive(Clone, Copy)]
pub(super) enum Place {
    /// It is the type of a parameter.
    Parameter,
    /// It is what a method gives.
    Result,
}

/// Refuses what is borrowed, hidden, or not the same type for the proxy, anywhere in a type.
pub(super) fn refuse_borrowed(ty: &Type, place: Place, hint: &str, faults: &mut Faults) {
    Search { place, hint, faults }.visit_type(ty);
}

/// A type as the user wrote it, without what macros put around it.
pub(super) fn written(mut ty: &Type) -> &Type {
    loop {
        ty = match ty {
            Type::Group(group) => &group.elem,
            Type::Paren(paren) => &paren.elem,
            other => return other,
        }
    }
}

struct Search<'a> {
    place: Place,
    hint: &'a str,
    faults: &'a mut Faults,
}

impl Search<'_> {
    fn owned(&self) -> &'static str {
        match self.place {
            Place::Parameter => "a call owns its arguments; it can be sent to another thread or process",
            Place::Result => "a result is owned by the caller, in another thread or process",
        }
    }
}

impl<'ast> Visit<'ast> for Search<'_> {
    fn visit_type_reference(&mut self, reference: &'ast TypeReference) {
        let message = format!("{}: use {}{}", self.owned(), instead(&reference.elem), self.hint);
        self.faults.at(reference, message);
    }

    fn visit_lifetime(&mut self, lifetime: &'ast Lifetime) {
        if lifetime.ident != "static" {
            self.faults
                .at(lifetime, format!("{}: use a type that borrows nothing{}", self.owned(), self.hint));
        }
    }

    fn visit_type_impl_trait(&mut self, ty: &'ast TypeImplTrait) {
        let hint = self.hint;
        let message =
            format!("both ends have to know the type: name it, or use `Stream<T>` for items on demand{hint}");
        self.faults.at(ty, message);
    }

    fn visit_type_trait_object(&mut self, ty: &'ast TypeTraitObject) {
        let hint = self.hint;
        let message = format!("an object travels as a reference to it: use its proxy, `<Trait>Proxy`{hint}");
        self.faults.at(ty, message);
    }

    fn visit_path(&mut self, path: &'ast Path) {
        if let Some(first) = path.segments.first()
            && first.ident == "Self"
        {
            let hint = self.hint;
            let message = format!(
                "`Self` is another type for the proxy: write the type's name (an object travels as its proxy){hint}"
            );
            self.faults.at(&first.ident, message);
        }
        visit::visit_path(self, path);
    }
}

/// What to use in place of a reference to a type.
fn instead(ty: &Type) -> String {
    match written(ty) {
        Type::Path(path) if path.path.is_ident("str") => "`String`".to_owned(),
        Type::Slice(slice) => format!("`Vec<{}>`", text(&slice.elem)),
        Type::Path(path)
            if path.path.segments.last().is_some_and(|word| is_proxy(&word.ident.to_string())) =>
        {
            format!("`{}` by value (callers may pass a reference)", text(ty))
        }
        Type::Path(_) | Type::Tuple(_) | Type::Array(_) => format!("`{}` by value", text(ty)),
        _ => "a type that borrows nothing".to_owned(),
    }
}

/// Whether a type of this name is taken for a proxy.
pub(super) fn is_proxy(name: &str) -> bool {
    name.ends_with("Proxy")
}

/// The text of a type, near to how people write it.
pub(super) fn text(ty: &Type) -> String {
    let tokens = ty.to_token_stream().to_string();
    [(" :: ", "::"), (" < ", "<"), (" >", ">"), (" ,", ","), ("& ", "&")]
        .iter()
        .fold(tokens, |text, (from, to)| text.replace(from, to))
}

//! [`Marks`]: the attributes of ours on a method.
//!
//! Whether they go together, and suit the method, is checked by [`Method`](super::method::Method).

use syn::{Attribute, Ident, LitStr, Meta};

use crate::attributes::{bare, take, text};
use crate::faults::Faults;

/// The attributes of ours that stand on a method.
pub(super) struct Marks {
    /// `#[oneway]`
    pub(super) oneway: Option<Attribute>,
    /// `#[attr]` or `#[attr(set)]`
    pub(super) attr: Option<(Attribute, Access)>,
    /// `#[name("…")]`
    pub(super) name: Option<(Attribute, LitStr)>,
    /// `#[skip]`
    pub(super) skip: Option<Attribute>,
}

/// What a method does with an attribute of the object.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    /// Reads it.
    Get,
    /// Sets it.
    Set,
}

impl Marks {
    /// Takes our attributes out of those of a method.
    pub(super) fn take(attributes: &mut Vec<Attribute>, faults: &mut Faults) -> Self {
        let mut alone = |name, faults: &mut Faults| {
            let mark = take(attributes, name, faults)?;
            faults.take(bare(&mark));
            Some(mark)
        };
        let oneway = alone("oneway", faults);
        let skip = alone("skip", faults);
        let attr = take(attributes, "attr", faults).and_then(|mark| {
            let access = faults.take(access(&mark))?;
            Some((mark, access))
        });
        let name = take(attributes, "name", faults).and_then(|mark| {
            let name = faults.take(text(&mark, "#[name(\"wireName\")]"))?;
            Some((mark, name))
        });
        Self { oneway, attr, name, skip }
    }

    /// The first one, of those that say something about a remote method.
    pub(super) fn any(&self) -> Option<&Attribute> {
        let attr = self.attr.as_ref().map(|(mark, _)| mark);
        let name = self.name.as_ref().map(|(mark, _)| mark);
        self.oneway.as_ref().or(attr).or(name)
    }
}

fn access(mark: &Attribute) -> syn::Result<Access> {
    let wanted = || syn::Error::new_spanned(mark, "there are `#[attr]`, which reads, and `#[attr(set)]`");
    match &mark.meta {
        Meta::Path(_) => Ok(Access::Get),
        Meta::List(list) => match list.parse_args::<Ident>() {
            Ok(word) if word == "set" => Ok(Access::Set),
            Ok(_) | Err(_) => Err(wanted()),
        },
        Meta::NameValue(_) => Err(wanted()),
    }
}

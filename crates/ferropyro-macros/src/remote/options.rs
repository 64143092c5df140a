//! [`Options`]: what stands in the parentheses of `#[remote(…)]`.
//!
//! Attributes of methods are read elsewhere, by [`Marks`](super::marks::Marks).

use proc_macro2::{Ident, TokenStream};
use syn::meta::{ParseNestedMeta, parser};
use syn::parse::Parser;
use syn::{Error, LitStr, Path, Result};

/// The options of `#[remote]`.
#[derive(Default)]
pub(super) struct Options {
    /// The name of the proxy type.
    pub(super) proxy: Option<Ident>,
    /// Where Ferropyro is.
    pub(super) krate: Option<Path>,
}

impl Options {
    /// Reads them.
    pub(super) fn read(options: TokenStream) -> Result<Self> {
        let mut read = Self::default();
        parser(|option| read.add(&option)).parse2(options)?;
        Ok(read)
    }

    fn add(&mut self, option: &ParseNestedMeta<'_>) -> Result<()> {
        if option.path.is_ident("proxy") {
            let text = text(option, "proxy = \"Name\"")?;
            let name = text
                .parse()
                .map_err(|_| Error::new(text.span(), "the name of a type stands here: `proxy = \"Name\"`"))?;
            set(&mut self.proxy, name, option)
        } else if option.path.is_ident("crate") {
            let text = text(option, "crate = \"path\"")?;
            let path = text
                .parse_with(Path::parse_mod_style)
                .map_err(|_| Error::new(text.span(), "a path stands here: `crate = \"::ferropyro\"`"))?;
            set(&mut self.krate, path, option)
        } else {
            Err(option.error("unknown option: there are `proxy = \"Name\"` and `crate = \"path\"`"))
        }
    }
}

fn text(option: &ParseNestedMeta<'_>, form: &str) -> Result<LitStr> {
    option
        .value()
        .and_then(|value| value.parse())
        .map_err(|fault| Error::new(fault.span(), format!("write it as `{form}`")))
}

fn set<T>(place: &mut Option<T>, value: T, option: &ParseNestedMeta<'_>) -> Result<()> {
    match place.replace(value) {
        None => Ok(()),
        Some(_) => Err(option.error("this option stands here twice: keep one")),
    }
}

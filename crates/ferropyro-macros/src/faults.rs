//! [`Faults`]: what is wrong with an item, gathered so that a user sees all of it at once.
//!
//! It knows no rule; those who check say what is wrong and where.

use std::fmt::Display;

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{Error, Result};

/// The faults found so far.
#[derive(Default)]
pub(crate) struct Faults(Option<Error>);

impl Faults {
    /// Adds a fault at these tokens.
    pub(crate) fn at(&mut self, tokens: impl ToTokens, message: impl Display) {
        self.add(Error::new_spanned(tokens, message));
    }

    /// Adds a fault.
    pub(crate) fn add(&mut self, fault: Error) {
        match &mut self.0 {
            Some(first) => first.combine(fault),
            None => self.0 = Some(fault),
        }
    }

    /// Keeps the fault of a result, if it is one.
    pub(crate) fn take<T>(&mut self, result: Result<T>) -> Option<T> {
        result.map_err(|fault| self.add(fault)).ok()
    }

    /// Fails if there were faults.
    pub(crate) fn finish(self) -> Result<()> {
        self.0.map_or(Ok(()), Err)
    }
}

/// Why an item is refused, and what stays of it.
pub(crate) struct Refusal {
    fault: Error,
    /// The item without attributes of ours. It stays, so that the compiler does not miss it everywhere else.
    item: TokenStream,
}

impl Refusal {
    /// Refuses an item.
    pub(crate) fn new(fault: Error, item: impl ToTokens) -> Self {
        Self { fault, item: item.into_token_stream() }
    }
}

impl From<Error> for Refusal {
    /// Of something that is no item for us, or that the compiler has anyway.
    fn from(fault: Error) -> Self {
        Self { fault, item: TokenStream::new() }
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        refusal.fault
    }
}

/// The output of a macro: what it made, or its faults as errors of the compiler, and the item.
pub(crate) fn output(made: std::result::Result<TokenStream, impl Into<Refusal>>) -> TokenStream {
    made.unwrap_or_else(|refused| {
        let Refusal { fault, item } = refused.into();
        let fault = fault.into_compile_error();
        quote!(#fault #item)
    })
}

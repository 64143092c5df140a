//! [`Faults`]: what is wrong with an item, gathered so that a user sees all of it at once.
//!
//! It knows no rule; those who check say what is wrong and where.

use std::fmt::Display;

use proc_macro2::TokenStream;
use quote::ToTokens;
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

/// The output of a macro: what it made, or its faults as errors of the compiler.
pub(crate) fn output(made: Result<TokenStream>) -> TokenStream {
    made.unwrap_or_else(Error::into_compile_error)
}

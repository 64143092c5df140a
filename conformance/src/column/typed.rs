//! What a row says of its typed calls: the result, the error, the items that it expects.
//!
//! Commands have no types; a typed call is made by the row itself, on a proxy from here.

use std::fmt::Debug;

use ferropyro::{CallError, Proxy, Stream};

use super::{Column, Stop};

#[expect(clippy::needless_pass_by_value, reason = "a row makes the call where it says what it expects")]
impl Column<'_> {
    /// As [`proxy`](Self::proxy), with a declared type.
    pub(crate) fn typed<P: Proxy>(&self, thing: &str) -> Result<P, Stop> {
        self.proxy(thing, |client| client).map(P::from)
    }

    /// Notes a failure unless a typed call gave this.
    pub(crate) fn gives<T: PartialEq + Debug, E: Debug>(
        &mut self,
        what: &str,
        expected: &T,
        got: Result<T, CallError<E>>,
    ) {
        let good = got.as_ref().is_ok_and(|got| got == expected);
        self.expect(&what, &format!("{expected:?}"), &format!("{got:?}"), good);
    }

    /// Notes a failure unless a typed stream has these items, and then ends.
    pub(crate) fn items<T: PartialEq + Debug, E: Debug>(
        &mut self,
        what: &str,
        expected: &[T],
        got: Result<Stream<T>, CallError<E>>,
    ) {
        let items = got.map(all_items);
        let good = matches!(&items, Ok((items, None)) if items == expected);
        self.expect(&what, &format!("{expected:?}"), &format!("{items:?}"), good);
    }

    /// Notes a failure unless a typed call failed with this error of its own.
    pub(crate) fn errs<T: Debug, E: PartialEq + Debug>(
        &mut self,
        what: &str,
        expected: &E,
        got: Result<T, CallError<E>>,
    ) {
        let good = matches!(&got, Err(CallError::Remote(error)) if error == expected);
        self.expect(&what, &format!("the error {expected:?}"), &format!("{got:?}"), good);
    }

    /// Notes a failure unless a typed call failed with an exception of this class, with this in its text, and
    /// with a traceback.
    pub(crate) fn raises<T: Debug, E: Debug>(
        &mut self,
        what: &str,
        class: &str,
        text: &str,
        got: Result<T, CallError<E>>,
    ) {
        let good = matches!(&got, Err(CallError::Exception(exception))
            if exception.name() == class
                && exception.message().contains(text)
                && !exception.traceback().is_empty());
        self.expect(&what, &format!("{class}(…{text}…) with a traceback"), &format!("{got:?}"), good);
    }

    /// Notes a failure unless a typed call failed otherwise, with this in the error's text.
    pub(crate) fn breaks<T: Debug, E: std::error::Error>(
        &mut self,
        what: &str,
        text: &str,
        got: Result<T, CallError<E>>,
    ) {
        let good = match &got {
            Ok(_) | Err(CallError::Remote(_) | CallError::Exception(_)) => false,
            Err(error) => error.to_string().contains(text),
        };
        self.expect(&what, &format!("an error of our own: …{text}…"), &format!("{got:?}"), good);
    }
}

/// The items of a stream, and how it failed if it did.
pub(crate) fn all_items<T>(mut stream: Stream<T>) -> (Vec<T>, Option<CallError>) {
    let mut items = Vec::new();
    loop {
        match stream.next_wait() {
            Some(Ok(item)) => items.push(item),
            Some(Err(error)) => return (items, Some(error)),
            None => return (items, None),
        }
    }
}

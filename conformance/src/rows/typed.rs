//! Declared types: what `#[remote]` makes, called by genuine programs and calling genuine objects.
//!
//! Where we serve, the genuine objects, which declare nothing, are the measure. Where we call, it is what is
//! declared.

mod batches;
mod calls;
mod errors;
mod instances;
mod references;
mod streams;
mod values;

use super::{Row, row};
use crate::command::{Act, Command, to};

pub(super) fn rows() -> Vec<Row> {
    let groups: [fn() -> Vec<Row>; 7] = [
        calls::rows,
        values::rows,
        errors::rows,
        streams::rows,
        batches::rows,
        references::rows,
        instances::rows,
    ];
    groups.into_iter().flat_map(|rows| rows()).collect()
}

/// What a genuine caller makes of an expression, in which `p` is a proxy for the thing.
fn eval(thing: &'static str, expression: &str) -> Command {
    to(thing, Act::Eval(expression.to_owned()))
}

//! `Streams`: item streams.

use ferropyro::server::{ItemSource, Methods};
use ferropyro::{Exception, Value, literal};

use super::{Tally, number};

/// The object.
pub(super) fn streams() -> Methods {
    let closings = Tally::default();
    let closed = closings.clone();
    Methods::new("Streams")
        .stream("countdown", |call| {
            let [start] = call.bind(["start"])?;
            Ok(ItemSource::from_items((1..=number(&start)?).rev()))
        })
        .stream("squares", move |call| {
            let [] = call.bind([])?;
            Ok(ItemSource::from_items(Squares { next: 0, closings: closings.clone() }))
        })
        .stream("failing", |call| {
            let [count] = call.bind(["count"])?;
            let count = number(&count)?;
            let end = Exception::new("ValueError", format!("no more after {count}"));
            Ok(ItemSource::from_results((0..count).map(Ok).chain([Err(end)])))
        })
        .stream("iterator", |call| {
            let [items] = call.bind(["items"])?;
            let items = items.into_items();
            let items = items.map_err(|_| Exception::new("TypeError", "the object is not iterable"))?;
            Ok(ItemSource::from_items(items))
        })
        .stream("empty", |call| {
            let [] = call.bind([])?;
            Ok(ItemSource::from_items(Vec::<Value>::new()))
        })
        .stream("values", |call| {
            let [] = call.bind([])?;
            let values = literal::parse("[None, True, 1.5, 'text', [1, [2]], {'key': 'value'}]");
            Ok(ItemSource::from_items(values.and_then(|values| values.into_items().ok()).unwrap_or_default()))
        })
        .blocking("closed", move |call| {
            let [count] = call.bind(["count"])?;
            Ok(closed.wait(number(&count)?)?.len())
        })
}

/// Has no end; says when it was closed.
struct Squares {
    next: i64,
    closings: Tally,
}

impl Iterator for Squares {
    type Item = i64;

    fn next(&mut self) -> Option<i64> {
        let number = self.next;
        self.next += 1;
        Some(number * number)
    }
}

impl Drop for Squares {
    fn drop(&mut self) {
        self.closings.add("squares");
    }
}

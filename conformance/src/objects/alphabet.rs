//! [`Alphabet`]: an object with an inside, declared: what `len`, an index and a loop of a Pyro5 program call.

use ferropyro::{Exception, Stream, remote};

/// Letters in a row.
#[remote]
pub(crate) trait Alphabet {
    #[name("__len__")]
    async fn count(&self) -> usize;
    #[name("__getitem__")]
    async fn letter(&self, index: i64) -> Result<String, Exception>;
    #[name("__iter__")]
    async fn letters(&self) -> Stream<String>;
}

/// Three of them.
#[derive(Debug)]
pub(super) struct Abc;

impl Alphabet for Abc {
    async fn count(&self) -> usize {
        3
    }

    async fn letter(&self, index: i64) -> Result<String, Exception> {
        let letter = usize::try_from(index).ok().and_then(|index| "abc".chars().nth(index));
        letter.map(String::from).ok_or_else(|| Exception::new("IndexError", "list index out of range"))
    }

    async fn letters(&self) -> Stream<String> {
        Stream::from_items("abc".chars().map(String::from))
    }
}

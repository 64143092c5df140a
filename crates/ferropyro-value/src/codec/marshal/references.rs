//! The reference table: which objects of a payload can be referred to by number.

use std::sync::Arc;

/// Where the objects stand that carry the reference flag, in the order of their first reading.
///
/// That is the order of their places too, since containers are registered before their contents. So an
/// object that is read again, after going back or through a reference, is found by its place, and not
/// registered twice. A table is kept with a skimmed call, whose arguments may refer to what came before.
///
/// Nothing is allocated where there are none: our own writer sets none, and other codecs have no such thing.
#[derive(Clone, Debug, Default)]
pub(crate) struct References(Option<Arc<Vec<Reference>>>);

#[derive(Clone, Copy, Debug)]
struct Reference {
    /// Where the object's type byte stands.
    offset: usize,
    /// Whether it was read to its end; until then it must not be referred to.
    complete: bool,
}

impl References {
    fn known(&self) -> &[Reference] {
        self.0.as_deref().map_or(&[], Vec::as_slice)
    }

    fn change(&mut self) -> &mut Vec<Reference> {
        Arc::make_mut(self.0.get_or_insert_default())
    }

    /// Registers the object at `offset` unless it is known; gives its number. A container is not complete
    /// when its type byte is read.
    pub(super) fn register(&mut self, offset: usize, complete: bool) -> Option<u32> {
        let known = self.known();
        let number = match known.last() {
            Some(last) if last.offset >= offset => {
                known.binary_search_by_key(&offset, |reference| reference.offset).ok()?
            }
            _ => {
                let number = known.len();
                self.change().push(Reference { offset, complete });
                number
            }
        };
        u32::try_from(number).ok()
    }

    /// Marks an object as read to its end.
    pub(super) fn complete(&mut self, number: u32) {
        let Ok(number) = usize::try_from(number) else { return };
        let known = self.known().get(number).is_none_or(|reference| reference.complete);
        if !known && let Some(reference) = self.change().get_mut(number) {
            reference.complete = true;
        }
    }

    /// Where the object of this number stands; `None` if there is none, or it is not complete.
    pub(super) fn offset(&self, number: usize) -> Option<usize> {
        self.known().get(number).filter(|reference| reference.complete).map(|reference| reference.offset)
    }
}

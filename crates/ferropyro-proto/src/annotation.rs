//! Annotations: small named chunks of bytes between header and payload (wire protocol §1.5).

use bytes::{Buf, Bytes};

use crate::{Dialect, FrameError, SendError};

/// The name of an annotation: four ASCII characters.
pub type AnnotationId = [u8; 4];

/// Pyro4's correlation id.
pub const CORRELATION: AnnotationId = *b"CORR";
/// Pyro4's signature.
pub const SIGNATURE: AnnotationId = *b"HMAC";
/// The id of an item stream.
pub const STREAM: AnnotationId = *b"STRM";
/// What a call with a blob is about.
pub const BLOB_INFO: AnnotationId = *b"BLBI";

/// The most annotations that a frame may bring: each takes more memory here than on the wire.
const MAX_CHUNKS: usize = 1024;

/// The annotations of a frame, in order, each id once.
///
/// Pyro4's [`CORRELATION`] and [`SIGNATURE`] belong to the protocol: sessions take them off what comes, and
/// ignore them in what is to be sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Annotations(Vec<(AnnotationId, Bytes)>);

impl Annotations {
    /// No annotations.
    #[must_use]
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// The data of an annotation.
    #[must_use]
    pub fn get(&self, id: AnnotationId) -> Option<&Bytes> {
        self.0.iter().find(|(name, _)| *name == id).map(|(_, data)| data)
    }

    /// Sets an annotation, replacing that of the same id in its place. An id that is not ASCII is refused
    /// when a frame is made of it.
    pub fn insert(&mut self, id: AnnotationId, data: impl Into<Bytes>) {
        let data = data.into();
        match self.0.iter_mut().find(|(name, _)| *name == id) {
            Some((_, old)) => *old = data,
            None => self.0.push((id, data)),
        }
    }

    /// Takes an annotation out; the order of the others stays.
    pub fn remove(&mut self, id: AnnotationId) -> Option<Bytes> {
        let index = self.0.iter().position(|(name, _)| *name == id)?;
        Some(self.0.remove(index).1)
    }

    /// The annotations in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (AnnotationId, &Bytes)> {
        self.0.iter().map(|(id, data)| (*id, data))
    }

    /// Reads the annotations area of a frame; the data share its memory. Of equal ids the last counts.
    ///
    /// # Errors
    /// A chunk that passes the end of the area (a genuine Pyro4 cuts it short silently), stray bytes behind
    /// the last one, an id that is not ASCII, more than 1024 chunks.
    pub fn parse(dialect: Dialect, mut area: Bytes) -> Result<Self, FrameError> {
        let mut annotations = Self::new();
        let mut chunks = 0;
        while !area.is_empty() {
            let Some((id, head_len, len)) = chunk_head(dialect, &area) else {
                return Err(FrameError::Annotations("stray bytes behind the last one"));
            };
            if !id.is_ascii() {
                return Err(FrameError::Annotations("an id that is not ASCII"));
            }
            area.advance(head_len);
            if len > area.len() {
                return Err(FrameError::Annotations("a chunk that passes the end of the area"));
            }
            // Chunks, not ids: each is looked for among those before it.
            chunks += 1;
            if chunks > MAX_CHUNKS {
                return Err(FrameError::Annotations("more than 1024 chunks"));
            }
            annotations.insert(id, area.split_to(len));
        }
        Ok(annotations)
    }

    /// Appends these as they are in a frame.
    pub(crate) fn write(&self, dialect: Dialect, out: &mut Vec<u8>) -> Result<(), SendError> {
        if self.len() > MAX_CHUNKS - 2 {
            return Err(SendError::State("more annotations than a receiver would take: 1022 at most"));
        }
        let reserved = |id| dialect == Dialect::Pyro4 && (id == CORRELATION || id == SIGNATURE);
        let mut chunks = self.0.iter().filter(|(id, _)| !reserved(*id));
        chunks.try_for_each(|(id, data)| write_chunk(dialect, *id, data, out))
    }
}

impl<D: Into<Bytes>> FromIterator<(AnnotationId, D)> for Annotations {
    fn from_iter<I: IntoIterator<Item = (AnnotationId, D)>>(chunks: I) -> Self {
        let mut annotations = Self::new();
        for (id, data) in chunks {
            annotations.insert(id, data);
        }
        annotations
    }
}

const fn chunk_head_len(dialect: Dialect) -> usize {
    match dialect {
        Dialect::Pyro4 => 6,
        Dialect::Pyro5 => 8,
    }
}

/// The id, the length of the chunk's head and that of its data.
fn chunk_head(dialect: Dialect, area: &[u8]) -> Option<(AnnotationId, usize, usize)> {
    let (id, rest) = area.split_first_chunk::<4>()?;
    let len = match dialect {
        Dialect::Pyro4 => usize::from(u16::from_be_bytes(*rest.first_chunk()?)),
        Dialect::Pyro5 => usize::try_from(u32::from_be_bytes(*rest.first_chunk()?)).ok()?,
    };
    Some((*id, chunk_head_len(dialect), len))
}

/// Appends one chunk.
pub(crate) fn write_chunk(
    dialect: Dialect,
    id: AnnotationId,
    data: &[u8],
    out: &mut Vec<u8>,
) -> Result<(), SendError> {
    let too_long = |max| SendError::Annotations { dialect, size: data.len(), max };
    if !id.is_ascii() {
        return Err(SendError::State("annotation identifier must be 4 ascii characters"));
    }
    out.extend_from_slice(&id);
    match dialect {
        Dialect::Pyro4 => {
            let len = u16::try_from(data.len()).map_err(|_| too_long(usize::from(u16::MAX)))?;
            out.extend_from_slice(&len.to_be_bytes());
        }
        Dialect::Pyro5 => {
            let len = u32::try_from(data.len()).map_err(|_| too_long(u32::MAX as usize))?;
            out.extend_from_slice(&len.to_be_bytes());
        }
    }
    out.extend_from_slice(data);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(dialect: Dialect, annotations: &Annotations) -> Vec<u8> {
        let mut out = Vec::new();
        annotations.write(dialect, &mut out).unwrap();
        out
    }

    #[test]
    fn what_was_written_is_read_in_both_dialects() {
        let annotations: Annotations = [(*b"ABCD", "data"), (*b"ZERO", "")].into_iter().collect();
        assert_eq!(written(Dialect::Pyro4, &annotations), b"ABCD\0\x04dataZERO\0\0");
        assert_eq!(written(Dialect::Pyro5, &annotations), b"ABCD\0\0\0\x04dataZERO\0\0\0\0");
        for dialect in Dialect::ALL {
            let area = Bytes::from(written(dialect, &annotations));
            assert_eq!(Annotations::parse(dialect, area), Ok(annotations.clone()));
        }
    }

    #[test]
    fn the_last_of_equal_ids_counts() {
        let read = Annotations::parse(Dialect::Pyro4, Bytes::from_static(b"ABCD\0\x011ABCD\0\x012")).unwrap();
        assert_eq!(read.get(*b"ABCD"), Some(&Bytes::from("2")));
        assert_eq!(read.len(), 1);
    }

    #[test]
    fn areas_that_do_not_add_up_are_refused() {
        let refused =
            |dialect, area: &'static [u8]| Annotations::parse(dialect, Bytes::from_static(area)).unwrap_err();
        for dialect in Dialect::ALL {
            for stray in 1..5 {
                let error = refused(dialect, b"ABCDE".get(..stray).unwrap());
                assert_eq!(error, FrameError::Annotations("stray bytes behind the last one"));
            }
        }
        let passes = FrameError::Annotations("a chunk that passes the end of the area");
        assert_eq!(refused(Dialect::Pyro4, b"ABCD\0\x03xx"), passes);
        assert_eq!(refused(Dialect::Pyro5, b"ABCD\xff\xff\xff\xffxx"), passes);
        assert_eq!(
            refused(Dialect::Pyro4, b"AB\xffD\0\0"),
            FrameError::Annotations("an id that is not ASCII")
        );
        let many: Vec<u8> =
            (0..2000_u32).flat_map(|n| [b'A', (n % 100) as u8, (n / 100) as u8, 0, 0, 0]).collect();
        assert!(Annotations::parse(Dialect::Pyro4, many.into()).is_err());
        let often = b"ABCD\0\0".repeat(2000);
        assert!(Annotations::parse(Dialect::Pyro4, often.into()).is_err(), "each costs a search");
    }

    #[test]
    fn what_does_not_fit_is_not_written() {
        let mut annotations = Annotations::new();
        annotations.insert(*b"HUGE", vec![0; 65_536]);
        assert!(annotations.write(Dialect::Pyro4, &mut Vec::new()).is_err());
        assert!(annotations.write(Dialect::Pyro5, &mut Vec::new()).is_ok());
        let odd: Annotations = [([0xFF; 4], "")].into_iter().collect();
        assert!(odd.write(Dialect::Pyro5, &mut Vec::new()).is_err());
    }
}

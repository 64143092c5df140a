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

/// The annotations of a frame, in order. Where an id occurs twice, the last one counts.
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

    /// How many there are, equal ids counted each.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// The data of an annotation.
    #[must_use]
    pub fn get(&self, id: AnnotationId) -> Option<&Bytes> {
        self.0.iter().rev().find(|(name, _)| *name == id).map(|(_, data)| data)
    }

    /// Sets an annotation, replacing any of the same id in its place.
    ///
    /// # Panics
    /// Never; an id that is not ASCII is refused when the frame is made.
    pub fn insert(&mut self, id: AnnotationId, data: impl Into<Bytes>) {
        let data = data.into();
        match self.0.iter_mut().rev().find(|(name, _)| *name == id) {
            Some((_, old)) => *old = data,
            None => self.0.push((id, data)),
        }
    }

    /// Takes all annotations of an id out; gives the data of the last one.
    pub fn remove(&mut self, id: AnnotationId) -> Option<Bytes> {
        let data = self.get(id).cloned()?;
        self.0.retain(|(name, _)| *name != id);
        Some(data)
    }

    /// The annotations in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (AnnotationId, &Bytes)> {
        self.0.iter().map(|(id, data)| (*id, data))
    }

    /// Reads the annotations area of a frame; the data share its memory.
    ///
    /// # Errors
    /// A chunk that passes the end of the area (a genuine Pyro4 cuts it short silently), stray bytes behind
    /// the last one, an id that is not ASCII.
    pub fn parse(dialect: Dialect, mut area: Bytes) -> Result<Self, FrameError> {
        let mut chunks = Vec::new();
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
            chunks.push((id, area.split_to(len)));
        }
        Ok(Self(chunks))
    }

    /// How many bytes these take in a frame.
    pub(crate) fn wire_len(&self, dialect: Dialect) -> usize {
        self.0.iter().map(|(_, data)| chunk_head_len(dialect) + data.len()).sum()
    }

    /// Appends these as they are in a frame.
    pub(crate) fn write(&self, dialect: Dialect, out: &mut Vec<u8>) -> Result<(), SendError> {
        self.0.iter().try_for_each(|(id, data)| write_chunk(dialect, *id, data, out))
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

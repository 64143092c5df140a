//! Frames being written: in place, behind whatever the buffer holds, the payload never copied.

use bytes::Bytes;
use ferropyro_value::EncodeError;
use uuid::Uuid;

use crate::annotation::write_chunk;
use crate::hmac::SIGNATURE_LEN;
use crate::{
    Annotations, CORRELATION, Dialect, Flags, Header, HmacKey, MessageType, SIGNATURE, SendError, deflate,
};

/// A frame of which header and annotations have their place, and whose payload is being appended.
#[derive(Debug)]
#[must_use = "a frame that was begun must be finished or the buffer truncated"]
pub struct FrameWriter {
    dialect: Dialect,
    correlation: Option<Uuid>,
    start: usize,
    payload_start: usize,
}

/// What the header says, beside lengths.
#[derive(Clone, Copy, Debug)]
pub struct FrameHead {
    /// What it is.
    pub message_type: MessageType,
    /// The flags, without [`Flags::COMPRESSED`] and [`Flags::CORRELATION`], which the writer sets.
    pub flags: Flags,
    /// The sequence number.
    pub seq: u16,
    /// The number of the serializer.
    pub serializer_id: u16,
}

/// How frames are made on a connection.
#[derive(Clone, Debug)]
pub struct SendOptions {
    /// Whether payloads are compressed where the dialect's policy says so. Default false.
    pub compress: bool,
    /// Signs the frames, where the dialect can. Default none.
    pub hmac: Option<HmacKey>,
    /// Most bytes of payload and annotations together. Default 1 GiB.
    pub max_frame: u64,
}

impl Default for SendOptions {
    fn default() -> Self {
        Self { compress: false, hmac: None, max_frame: 1 << 30 }
    }
}

impl FrameWriter {
    /// Makes room for the header and writes the annotations; the payload is then appended to `out`.
    ///
    /// # Errors
    /// The annotations do not fit; `out` is as it was.
    pub fn begin(
        out: &mut Vec<u8>,
        dialect: Dialect,
        annotations: &Annotations,
        correlation: Option<Uuid>,
        options: &SendOptions,
    ) -> Result<Self, SendError> {
        let start = out.len();
        out.resize(start + dialect.header_len(), 0);
        let written = write_annotations(out, dialect, annotations, correlation, options);
        let annotations_len = out.len() - start - dialect.header_len();
        if let Err(error) = written.and_then(|()| check_annotations(dialect, annotations_len)) {
            out.truncate(start);
            return Err(error);
        }
        Ok(Self { dialect, correlation, start, payload_start: out.len() })
    }

    /// Ends the frame behind the payload: compresses, signs, fills in the header.
    ///
    /// # Errors
    /// The frame is too large; `out` is as it was before the frame.
    pub fn finish(self, out: &mut Vec<u8>, head: &FrameHead, options: &SendOptions) -> Result<(), SendError> {
        let start = self.start;
        let finished = self.complete(out, head, options);
        if finished.is_err() {
            out.truncate(start);
        }
        finished
    }

    fn complete(self, out: &mut Vec<u8>, head: &FrameHead, options: &SendOptions) -> Result<(), SendError> {
        let Self { dialect, correlation, start, payload_start } = self;
        let mut flags = head.flags.with(Flags::CORRELATION, correlation.is_some());
        if options.compress
            && dialect.compresses(head.message_type, flags)
            && let Some(payload) = out.get(payload_start..)
            && let Some(compressed) = deflate(payload, dialect.compression())
        {
            out.truncate(payload_start);
            out.extend_from_slice(&compressed);
            flags = flags.with(Flags::COMPRESSED, true);
        }
        let annotations_len = payload_start - start - dialect.header_len();
        let payload_len =
            check_sizes(dialect, annotations_len, out.len() - payload_start, options.max_frame)?;
        let header = Header {
            dialect,
            message_type: head.message_type as u16,
            flags,
            seq: head.seq,
            serializer_id: head.serializer_id,
            annotations_len: u32::try_from(annotations_len).unwrap_or(u32::MAX),
            payload_len,
            correlation,
        };
        if let (Some(key), Some(frame)) = (signing(dialect, options), out.get_mut(start..)) {
            sign(key, dialect, frame, annotations_len);
        }
        if let Some(slot) = out.get_mut(start..start + dialect.header_len()) {
            header.encode(slot);
        }
        Ok(())
    }

    /// Gives the frame up: `out` is as it was before.
    pub fn abandon(self, out: &mut Vec<u8>) {
        out.truncate(self.start);
    }
}

/// Appends a whole frame, or leaves `out` as it was.
pub(crate) fn write_frame(
    out: &mut Vec<u8>,
    dialect: Dialect,
    head: &FrameHead,
    correlation: Option<Uuid>,
    annotations: &Annotations,
    options: &SendOptions,
    encode: impl FnOnce(&mut Vec<u8>) -> Result<(), EncodeError>,
) -> Result<(), SendError> {
    let writer = FrameWriter::begin(out, dialect, annotations, correlation, options)?;
    match encode(out) {
        Ok(()) => writer.finish(out, head, options),
        Err(error) => {
            writer.abandon(out);
            Err(error.into())
        }
    }
}

/// The key that a frame must be signed with.
fn signing(dialect: Dialect, options: &SendOptions) -> Option<&HmacKey> {
    options.hmac.as_ref().filter(|_| dialect.has_hmac())
}

fn write_annotations(
    out: &mut Vec<u8>,
    dialect: Dialect,
    annotations: &Annotations,
    correlation: Option<Uuid>,
    options: &SendOptions,
) -> Result<(), SendError> {
    annotations.write(dialect, out)?;
    if let Some(id) = correlation
        && !dialect.correlation_in_header()
    {
        write_chunk(dialect, CORRELATION, id.as_bytes(), out)?;
    }
    if signing(dialect, options).is_some() {
        // The place for the signature, which is made when the payload is there; always the last chunk.
        write_chunk(dialect, SIGNATURE, &[0; SIGNATURE_LEN], out)?;
    }
    Ok(())
}

fn check_annotations(dialect: Dialect, size: usize) -> Result<(), SendError> {
    let max = match dialect {
        Dialect::Pyro4 => usize::from(u16::MAX),
        Dialect::Pyro5 => u32::MAX as usize,
    };
    if size > max { Err(SendError::Annotations { dialect, size, max }) } else { Ok(()) }
}

/// Checks the sizes against the limit and the fields of the header; gives the payload's.
fn check_sizes(
    dialect: Dialect,
    annotations: usize,
    payload: usize,
    max_frame: u64,
) -> Result<u32, SendError> {
    let field = match dialect {
        Dialect::Pyro4 => i32::MAX.unsigned_abs(),
        Dialect::Pyro5 => u32::MAX,
    };
    let size = annotations as u64 + payload as u64;
    if size > max_frame {
        return Err(SendError::TooLarge { dialect, size, max: max_frame });
    }
    u32::try_from(payload).ok().filter(|payload| *payload <= field).ok_or(SendError::TooLarge {
        dialect,
        size,
        max: field.into(),
    })
}

/// Fills in the signature at the end of the annotations.
fn sign(key: &HmacKey, dialect: Dialect, frame: &mut [u8], annotations_len: usize) {
    let Some((_, body)) = frame.split_at_mut_checked(dialect.header_len()) else { return };
    let Some((area, payload)) = body.split_at_mut_checked(annotations_len) else { return };
    // What was written a moment ago can be read, so that nothing is left out of the signature here.
    let annotations = Annotations::parse(dialect, Bytes::copy_from_slice(area)).unwrap_or_default();
    if let Some(place) = area.last_chunk_mut() {
        *place = key.sign(payload, &annotations);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: FrameHead =
        FrameHead { message_type: MessageType::Result, flags: Flags::NONE, seq: 1, serializer_id: 1 };

    #[test]
    fn a_frame_is_made_behind_what_is_there() {
        for dialect in Dialect::ALL {
            let mut out = b"before".to_vec();
            let options = SendOptions::default();
            let writer = FrameWriter::begin(&mut out, dialect, &Annotations::new(), None, &options).unwrap();
            out.extend_from_slice(b"payload");
            writer.finish(&mut out, &HEAD, &options).unwrap();
            let frame = out.strip_prefix(b"before").unwrap();
            let header = Header::parse(dialect, frame).unwrap().unwrap();
            assert_eq!((header.payload_len, header.annotations_len), (7, 0));
            assert!(frame.ends_with(b"payload"));
        }
    }

    #[test]
    fn what_is_too_large_leaves_the_buffer_as_it_was() {
        let mut out = b"before".to_vec();
        let options = SendOptions { max_frame: 20, ..SendOptions::default() };
        for dialect in Dialect::ALL {
            let writer = FrameWriter::begin(&mut out, dialect, &Annotations::new(), None, &options).unwrap();
            out.extend_from_slice(&[0; 21]);
            let error = writer.finish(&mut out, &HEAD, &options).unwrap_err();
            assert_eq!(error, SendError::TooLarge { dialect, size: 21, max: 20 });
            assert_eq!(out, b"before");
        }
        let many: Annotations =
            [(*b"ONE_", vec![0; 40_000]), (*b"TWO_", vec![0; 40_000])].into_iter().collect();
        assert!(FrameWriter::begin(&mut out, Dialect::Pyro4, &many, None, &options).is_err());
        assert_eq!(out, b"before");
    }

    #[test]
    fn exceptions_of_pyro4_are_never_compressed() {
        let options = SendOptions { compress: true, ..SendOptions::default() };
        for (dialect, flags, compressed) in [
            (Dialect::Pyro4, Flags::NONE, true),
            (Dialect::Pyro4, Flags::EXCEPTION, false),
            (Dialect::Pyro5, Flags::EXCEPTION, true),
        ] {
            let mut out = Vec::new();
            let writer = FrameWriter::begin(&mut out, dialect, &Annotations::new(), None, &options).unwrap();
            out.extend_from_slice(&[0; 1000]);
            writer.finish(&mut out, &FrameHead { flags, ..HEAD }, &options).unwrap();
            let header = Header::parse(dialect, &out).unwrap().unwrap();
            assert_eq!(header.flags.contains(Flags::COMPRESSED), compressed);
        }
    }
}

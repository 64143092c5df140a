//! The header of a frame in both dialects (wire protocol §1.1, §1.2).

use uuid::Uuid;

use crate::{Dialect, Flags, FrameError};

const MAGIC: [u8; 4] = *b"PYRO";
const CHECKSUM_SALT: u16 = 0x34E9;
const MAGIC_NUMBER: u16 = 0x4DC5;

/// How many bytes tell which protocol a frame is of.
pub(crate) const PREFIX_LEN: usize = 6;

/// What a frame is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum MessageType {
    /// A client introduces itself.
    Connect = 1,
    /// The server takes the client.
    ConnectOk = 2,
    /// The server refuses the client, and closes.
    ConnectFail = 3,
    /// A call.
    Invoke = 4,
    /// The answer to a call.
    Result = 5,
    /// Asks for a sign of life, and is one.
    Ping = 6,
}

impl MessageType {
    /// The type of a number on the wire.
    #[must_use]
    pub fn of_number(number: u16) -> Option<Self> {
        Some(match number {
            1 => Self::Connect,
            2 => Self::ConnectOk,
            3 => Self::ConnectFail,
            4 => Self::Invoke,
            5 => Self::Result,
            6 => Self::Ping,
            _ => return None,
        })
    }
}

/// A header as it is on the wire, lengths included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// The protocol.
    pub dialect: Dialect,
    /// The number of the message type, which need not exist.
    pub message_type: u16,
    /// The flags.
    pub flags: Flags,
    /// The sequence number.
    pub seq: u16,
    /// The number of the serializer, which need not exist.
    pub serializer_id: u16,
    /// Length of the annotations, in bytes.
    pub annotations_len: u32,
    /// Length of the payload, in bytes, compressed if it is.
    pub payload_len: u32,
    /// The header's correlation id, where the dialect has one there and it counts.
    pub correlation: Option<Uuid>,
}

/// Tells the dialect of a frame from its first six bytes. `expected` words the error.
pub(crate) fn sniff(prefix: &[u8; PREFIX_LEN], expected: Dialect) -> Result<Dialect, FrameError> {
    let [p, y, r, o, high, low] = *prefix;
    let version = u16::from_be_bytes([high, low]);
    if [p, y, r, o] != MAGIC {
        return Err(FrameError::Magic { dialect: expected });
    }
    Dialect::of_version(version).ok_or(FrameError::Version { dialect: expected, version })
}

impl Header {
    /// Reads a header from the start of `bytes`; `None` while there are too few of them.
    ///
    /// # Errors
    /// Not a header of this dialect.
    pub fn parse(dialect: Dialect, bytes: &[u8]) -> Result<Option<Self>, FrameError> {
        let Some(prefix) = bytes.first_chunk::<PREFIX_LEN>() else { return Ok(None) };
        match sniff(prefix, dialect)? {
            found if found == dialect => {}
            found => return Err(FrameError::Version { dialect, version: found.version() }),
        }
        match dialect {
            Dialect::Pyro4 => bytes.first_chunk().map(parse_48).transpose(),
            Dialect::Pyro5 => bytes.first_chunk().map(parse_502).transpose(),
        }
    }

    /// Payload and annotations together, in bytes.
    #[must_use]
    pub fn body_len(&self) -> u64 {
        u64::from(self.annotations_len) + u64::from(self.payload_len)
    }

    /// Appends the header as it is on the wire. Lengths and numbers must fit the dialect's fields, which
    /// [`FrameWriter`](crate::FrameWriter) sees to.
    pub fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&MAGIC);
        out.extend_from_slice(&self.dialect.version().to_be_bytes());
        let flags = self.dialect.wire_flags(self.flags);
        match self.dialect {
            Dialect::Pyro4 => {
                for field in [self.message_type, flags, self.seq] {
                    out.extend_from_slice(&field.to_be_bytes());
                }
                out.extend_from_slice(&self.payload_len.to_be_bytes());
                for field in [self.serializer_id, low_half(self.annotations_len), 0, self.checksum(flags)] {
                    out.extend_from_slice(&field.to_be_bytes());
                }
            }
            Dialect::Pyro5 => {
                out.extend_from_slice(&[low_byte(self.message_type), low_byte(self.serializer_id)]);
                out.extend_from_slice(&flags.to_be_bytes());
                out.extend_from_slice(&self.seq.to_be_bytes());
                out.extend_from_slice(&self.payload_len.to_be_bytes());
                out.extend_from_slice(&self.annotations_len.to_be_bytes());
                out.extend_from_slice(self.correlation.unwrap_or_default().as_bytes());
                out.extend_from_slice(&[0, 0]);
                out.extend_from_slice(&MAGIC_NUMBER.to_be_bytes());
            }
        }
    }

    /// The checksum over the fields as they are on the wire.
    fn checksum(&self, wire_flags: u16) -> u16 {
        [
            Dialect::Pyro4.version(),
            low_half(self.payload_len),
            low_half(self.annotations_len),
            self.serializer_id,
            wire_flags,
            self.seq,
            CHECKSUM_SALT,
        ]
        .into_iter()
        .fold(self.message_type, u16::wrapping_add)
    }
}

fn low_half(number: u32) -> u16 {
    let [_, _, high, low] = number.to_be_bytes();
    u16::from_be_bytes([high, low])
}

fn low_byte(number: u16) -> u8 {
    let [_, low] = number.to_be_bytes();
    low
}

/// Splits a header into its fields of two bytes, which all larger ones are made of.
fn parse_48(bytes: &[u8; 24]) -> Result<Header, FrameError> {
    let (words, _) = bytes.as_chunks::<2>();
    let mut words = words.iter().skip(PREFIX_LEN / 2).map(|word| u16::from_be_bytes(*word));
    let mut next = || words.next().unwrap_or_default();
    let (message_type, wire_flags, seq) = (next(), next(), next());
    let payload_len = (u32::from(next()) << 16) | u32::from(next());
    let (serializer_id, annotations_len, _reserved, checksum) = (next(), u32::from(next()), next(), next());
    let header = Header {
        dialect: Dialect::Pyro4,
        message_type,
        flags: Dialect::Pyro4.flags(wire_flags),
        seq,
        serializer_id,
        annotations_len,
        payload_len,
        correlation: None,
    };
    if header.checksum(wire_flags) != checksum {
        return Err(FrameError::Checksum);
    }
    if let negative @ ..0 = payload_len.cast_signed() {
        return Err(FrameError::NegativeLength(negative));
    }
    Ok(header)
}

fn parse_502(bytes: &[u8; 40]) -> Result<Header, FrameError> {
    let &[
        _,
        _,
        _,
        _,
        _,
        _,
        message_type,
        serializer_id,
        f1,
        f0,
        s1,
        s0,
        p3,
        p2,
        p1,
        p0,
        a3,
        a2,
        a1,
        a0,
        id @ ..,
        _,
        _,
        m1,
        m0,
    ] = bytes;
    if u16::from_be_bytes([m1, m0]) != MAGIC_NUMBER {
        return Err(FrameError::MagicNumber);
    }
    let flags = Dialect::Pyro5.flags(u16::from_be_bytes([f1, f0]));
    Ok(Header {
        dialect: Dialect::Pyro5,
        message_type: message_type.into(),
        flags,
        seq: u16::from_be_bytes([s1, s0]),
        serializer_id: serializer_id.into(),
        annotations_len: u32::from_be_bytes([a3, a2, a1, a0]),
        payload_len: u32::from_be_bytes([p3, p2, p1, p0]),
        correlation: flags.contains(Flags::CORRELATION).then(|| Uuid::from_bytes(id)),
    })
}

//! The header of a frame in both dialects (wire protocol §1.1, §1.2).

use uuid::Uuid;

use crate::{Dialect, Flags, FrameError};

const MAGIC: [u8; 4] = *b"PYRO";
const CHECKSUM_SALT: u16 = 0x34E9;
const MAGIC_NUMBER: u16 = 0x4DC5;
const RESERVED: [u8; 2] = [0, 0];

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

/// Tells the dialect of a frame from its first six bytes.
///
/// # Errors
/// No dialect, or not the `expected` one; worded as that dialect does, or as the one that is closest.
pub(crate) fn sniff(prefix: &[u8; PREFIX_LEN], expected: Option<Dialect>) -> Result<Dialect, FrameError> {
    let [p, y, r, o, high, low] = *prefix;
    let version = u16::from_be_bytes([high, low]);
    let dialect = expected.unwrap_or(if high == 0 { Dialect::Pyro4 } else { Dialect::Pyro5 });
    if [p, y, r, o] != MAGIC {
        return Err(FrameError::Magic { dialect });
    }
    Dialect::of_version(version)
        .filter(|found| expected.is_none_or(|expected| *found == expected))
        .ok_or(FrameError::Version { dialect, version })
}

impl Header {
    /// Reads a header from the start of `bytes`; `None` while there are too few of them.
    ///
    /// # Errors
    /// Not a header of this dialect.
    pub fn parse(dialect: Dialect, bytes: &[u8]) -> Result<Option<Self>, FrameError> {
        let Some(prefix) = bytes.first_chunk::<PREFIX_LEN>() else { return Ok(None) };
        sniff(prefix, Some(dialect))?;
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

    /// Puts the header as it is on the wire into a slot of [`Dialect::header_len`] bytes. Lengths and numbers
    /// must fit the dialect's fields, which [`FrameWriter`](crate::FrameWriter) sees to.
    pub fn encode(&self, slot: &mut [u8]) {
        let version = self.dialect.version().to_be_bytes();
        let wire_flags = self.dialect.wire_flags(self.flags);
        let (flags, seq) = (wire_flags.to_be_bytes(), self.seq.to_be_bytes());
        let payload_len = self.payload_len.to_be_bytes();
        let annotations_len = self.annotations_len.to_be_bytes();
        match self.dialect {
            Dialect::Pyro4 => {
                let [_, _, annotations_len @ ..] = annotations_len;
                let message_type = self.message_type.to_be_bytes();
                let serializer_id = self.serializer_id.to_be_bytes();
                let checksum = self.checksum(wire_flags).to_be_bytes();
                put(
                    slot,
                    &[
                        &MAGIC,
                        &version,
                        &message_type,
                        &flags,
                        &seq,
                        &payload_len,
                        &serializer_id,
                        &annotations_len,
                        &RESERVED,
                        &checksum,
                    ],
                );
            }
            Dialect::Pyro5 => {
                let kinds = [low_byte(self.message_type), low_byte(self.serializer_id)];
                let id = self.correlation.unwrap_or_default().into_bytes();
                let end = MAGIC_NUMBER.to_be_bytes();
                put(
                    slot,
                    &[
                        &MAGIC,
                        &version,
                        &kinds,
                        &flags,
                        &seq,
                        &payload_len,
                        &annotations_len,
                        &id,
                        &RESERVED,
                        &end,
                    ],
                );
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

fn put(slot: &mut [u8], fields: &[&[u8]]) {
    for (place, byte) in slot.iter_mut().zip(fields.iter().copied().flatten()) {
        *place = *byte;
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

#[cfg(test)]
mod tests;

//! The reply to a call, made anywhere: in the task that ran the method, without the session.

use std::sync::Arc;

use ferropyro_value::{Codec, EncodeError, Exception, Flavor, Value};
use uuid::Uuid;

use crate::outgoing::write_frame;
use crate::{Annotations, Dialect, Flags, Frame, FrameHead, MessageType, STREAM, SendError, SendOptions};

/// The attribute of an exception that holds the remote traceback.
const TRACEBACK: &str = "_pyroTraceback";

/// Everything that it takes to answer one request. Cheap to clone.
///
/// The methods append one complete frame to `out`, or leave it as it was. Each may be called for the same
/// head, for instance an exception after a result that could not be encoded.
#[derive(Clone, Debug)]
pub struct ReplyHead {
    dialect: Dialect,
    codec: Codec,
    seq: u16,
    correlation: Option<Uuid>,
    options: Arc<SendOptions>,
}

impl ReplyHead {
    pub(crate) fn new(frame: &Frame, codec: Codec, options: Arc<SendOptions>) -> Self {
        Self { dialect: frame.dialect, codec, seq: frame.seq, correlation: frame.correlation, options }
    }

    /// For a refusal of what is no request: number 0, no correlation id.
    pub(crate) fn unasked(dialect: Dialect, options: Arc<SendOptions>) -> Self {
        Self { dialect, codec: dialect.refusal_codec(), seq: 0, correlation: None, options }
    }

    /// The same, answered in another codec.
    pub(crate) fn in_codec(&self, codec: Codec) -> Self {
        Self { codec, ..self.clone() }
    }

    /// The dialect of the request.
    #[must_use]
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// The codec of the request, which the reply uses too.
    #[must_use]
    pub fn codec(&self) -> Codec {
        self.codec
    }

    /// The request's sequence number.
    #[must_use]
    pub fn seq(&self) -> u16 {
        self.seq
    }

    /// The correlation id that the reply will carry.
    #[must_use]
    pub fn correlation(&self) -> Option<Uuid> {
        self.correlation
    }

    /// Gives the request a correlation id, where it came without one. Genuine servers make a random one.
    pub fn set_correlation(&mut self, id: Uuid) {
        self.correlation = Some(id);
    }

    /// A result, which `encode` appends to the buffer in the codec and flavor that it is told.
    ///
    /// # Errors
    /// What `encode` says, or the frame is too large.
    pub fn result(
        &self,
        out: &mut Vec<u8>,
        annotations: &Annotations,
        encode: impl FnOnce(&mut Vec<u8>, Codec, &'static Flavor) -> Result<(), EncodeError>,
    ) -> Result<(), SendError> {
        self.write(out, MessageType::Result, Flags::NONE, annotations, encode)
    }

    /// An exception. One that cannot be encoded is replaced by a `PyroError` that says so, as Pyro does.
    ///
    /// # Errors
    /// The frame is too large, or the annotations are.
    pub fn exception(
        &self,
        out: &mut Vec<u8>,
        annotations: &Annotations,
        exception: &Exception,
    ) -> Result<(), SendError> {
        let value = Value::from(exception.clone());
        match self.write_value(out, Flags::EXCEPTION, annotations, &value) {
            Err(SendError::Encode(error)) => {
                let generic = Value::from(unencodable(exception, &error));
                self.write_value(out, Flags::EXCEPTION, annotations, &generic)
            }
            written => written,
        }
    }

    /// The start of an item stream; `None` where streaming is switched off, which the client reports as an
    /// error (wire protocol §4).
    ///
    /// # Errors
    /// The annotations are too large.
    pub fn stream(
        &self,
        out: &mut Vec<u8>,
        annotations: &Annotations,
        stream_id: Option<&str>,
    ) -> Result<(), SendError> {
        let mut annotations = annotations.clone();
        if let Some(id) = stream_id {
            annotations.insert(STREAM, id.as_bytes().to_vec());
        }
        // Pyros from before streaming raise the payload.
        let mut exception = Exception::new("Pyro5.errors.ProtocolError", "result of call is an iterator");
        exception.attributes_mut().insert(TRACEBACK, Value::None);
        self.write_value(out, Flags::EXCEPTION | Flags::ITEM_STREAM, &annotations, &exception.into())
    }

    /// The results of a batch; the one that failed, if any, is the last (wire protocol §3.7).
    ///
    /// # Errors
    /// A result cannot be encoded, or the frame is too large.
    pub fn batch(
        &self,
        out: &mut Vec<u8>,
        annotations: &Annotations,
        results: Vec<Result<Value, Exception>>,
    ) -> Result<(), SendError> {
        let class = self.dialect.flavor().exception_wrapper_class;
        let wrap = |exception: Exception| {
            // In Pyro's order; an `Object` would put its class last.
            let members = [("__class__", Value::from(class)), ("exception", Value::from(exception))];
            Value::Dict(members.into_iter().collect())
        };
        let list = results.into_iter().map(|result| result.unwrap_or_else(wrap)).collect();
        self.write_value(out, Flags::BATCH, annotations, &Value::List(list))
    }

    fn write_value(
        &self,
        out: &mut Vec<u8>,
        flags: Flags,
        annotations: &Annotations,
        value: &Value,
    ) -> Result<(), SendError> {
        self.write(out, MessageType::Result, flags, annotations, |out, codec, flavor| {
            codec.encode_value_into(value, flavor, out)
        })
    }

    /// Appends a frame of any type.
    pub(crate) fn write(
        &self,
        out: &mut Vec<u8>,
        message_type: MessageType,
        flags: Flags,
        annotations: &Annotations,
        encode: impl FnOnce(&mut Vec<u8>, Codec, &'static Flavor) -> Result<(), EncodeError>,
    ) -> Result<(), SendError> {
        let head = FrameHead {
            message_type,
            flags,
            seq: self.seq,
            serializer_id: self.dialect.serializer_id(self.codec),
        };
        // Pyro4's exceptions and stream starts carry no id (wire protocol §1.6).
        let correlation = self
            .correlation
            .filter(|_| self.dialect.correlation_in_header() || !flags.contains(Flags::EXCEPTION));
        write_frame(out, self.dialect, &head, correlation, annotations, &self.options, |out| {
            encode(out, self.codec, self.dialect.flavor())
        })
    }
}

/// The exception in place of one that cannot be encoded (wire protocol §3.3).
fn unencodable(exception: &Exception, error: &EncodeError) -> Exception {
    let class = exception.class();
    let class = class.strip_prefix("builtins.").unwrap_or(class);
    let message = exception.message();
    let text =
        format!("Error serializing exception: {error}. Original exception: <class '{class}'>: {message}");
    let lines = exception.attributes().get(TRACEBACK).and_then(Value::as_sequence).unwrap_or_default();
    let lines = lines.iter().filter(|line| line.as_str().is_some()).cloned();
    Exception::new("Pyro5.errors.PyroError", text).with_traceback(lines)
}

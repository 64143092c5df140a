//! From the reply to a call to what the caller gets.

use ferropyro_proto::{Reply, ReplyKind};
use ferropyro_value::{Exception, Instance, Limits, Value};

use crate::CallError;

/// The reply, if it is a result.
///
/// # Errors
/// The exception that it holds, or that it is no ordinary result.
pub(super) fn check(reply: Reply, peer: &str, limits: &Limits) -> Result<Reply, CallError> {
    match &reply.kind {
        ReplyKind::Result | ReplyKind::Batch => Ok(reply),
        ReplyKind::Exception => Err(exception(&reply, peer, limits)),
        ReplyKind::Stream { id: Some(_) } => Err(CallError::Unsupported(
            "the result is a stream of items: use .stream() on the call, and take the items one by one"
                .to_owned(),
        )),
        ReplyKind::Stream { id: None } => Err(CallError::Unsupported(
            "result of call is an iterator, but the server is not configured to allow streaming".to_owned(),
        )),
    }
}

fn exception(reply: &Reply, peer: &str, limits: &Limits) -> CallError {
    match reply.codec.decode_value(&reply.payload, limits) {
        Ok(Value::Exception(exception)) => CallError::Exception(exception),
        Ok(Value::Object(object)) => CallError::Exception(Box::new(unmarked(*object))),
        Ok(other) => CallError::Protocol {
            peer: peer.to_owned(),
            reason: format!("an exception was announced and a {} came", other.type_name()),
        },
        Err(error) => CallError::Decode(error),
    }
}

/// An object that was raised, and travelled without the mark of an exception: what a program's own converter
/// made of it. Most write the arguments by the name that they have in Python.
fn unmarked(Instance { class, mut members }: Instance) -> Exception {
    let args = match members.get("args") {
        Some(Value::List(_) | Value::Tuple(_)) => {
            members.remove("args").and_then(|args| args.into_items().ok())
        }
        _ => None,
    };
    Exception::from_parts(class, args.unwrap_or_default(), members)
}

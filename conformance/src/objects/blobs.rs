//! `Blobs`: payloads that are passed on without being decoded.

use ferropyro::server::{Methods, Request, Slot};
use ferropyro::{Exception, Limits, Value};

use crate::show::show;

/// The object.
pub(super) fn blobs() -> Methods {
    Methods::new("Blobs")
        .request("open", |request: Request, slot: &mut Slot| {
            let opened = open(&request);
            slot.ready(match opened {
                Ok(text) => request.value(text),
                Err(exception) => request.fail(exception),
            });
        })
        .request("is_blob", |request: Request, slot: &mut Slot| {
            let is_blob = request.blob().is_some();
            slot.ready(request.value(is_blob));
        })
}

/// What is in a blob: its info, and its data, which stands in the place of the arguments, decoded.
fn open(request: &Request) -> Result<String, Exception> {
    let blob = request.blob().ok_or_else(|| Exception::new("AttributeError", "the argument is no blob"))?;
    let call = ferropyro::call::Call::skim(blob.codec, blob.payload.clone(), &Limits::default());
    let data = call.and_then(|call| call.arguments().values());
    let (data, _) = data.map_err(|error| Exception::new("ValueError", error.message.clone()))?;
    Ok(show(&Value::List(vec![blob.about.info.clone(), Value::List(data)])))
}

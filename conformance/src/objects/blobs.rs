//! `Blobs`: payloads that are passed on without being decoded.

use ferropyro::server::{Blob, Methods, Request, Slot};
use ferropyro::{Client, Exception, Limits, Value};

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
        .request("pass_on", |request: Request, slot: &mut Slot| {
            let blob = blob(&request).cloned();
            slot.run(async move {
                match pass_on(blob).await {
                    Ok(answer) => request.value(answer),
                    Err(exception) => request.fail(exception),
                }
            });
        })
        .request("is_blob", |request: Request, slot: &mut Slot| {
            let is_blob = request.blob().is_some();
            slot.ready(request.value(is_blob));
        })
}

/// Sends a blob on, still closed, to the object that its info names.
async fn pass_on(blob: Result<Blob, Exception>) -> Result<Value, Exception> {
    let blob = blob?;
    let client = Client::builder().dialect(blob.dialect).build();
    let to = blob.about.info.as_str().unwrap_or_default();
    Ok(client.lookup_any(to).await?.pass_on("open", &blob).await?)
}

fn blob(request: &Request) -> Result<&Blob, Exception> {
    request.blob().ok_or_else(|| Exception::new("AttributeError", "the argument is no blob"))
}

/// What is in a blob: its info, and its data, which stands in the place of the arguments, decoded.
fn open(request: &Request) -> Result<String, Exception> {
    let blob = blob(request)?;
    let call = ferropyro::call::Call::skim(blob.codec, blob.payload.clone(), &Limits::default());
    let data = call.and_then(|call| call.arguments().values());
    let (data, _) = data.map_err(|error| Exception::new("ValueError", error.message.clone()))?;
    Ok(show(&Value::List(vec![blob.about.info.clone(), Value::List(data)])))
}

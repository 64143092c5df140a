//! `Context`: what a method knows of its caller.

use ferropyro::server::Methods;
use ferropyro::{CallContext, Client, Dict, Exception, Uri, Value, context};

use super::{Tally, number, raise, text};

/// The object.
pub(super) fn context_object(client: &Client) -> Methods {
    let client = client.clone();
    let closings = Tally::default();
    let closed = closings.clone();
    Methods::new("Context")
        .method("track", move |call| {
            let closings = closings.clone();
            async move {
                let [name] = call.bind(["name"])?;
                let name = text(&name)?;
                current()?.resource(|| Ok::<_, Exception>(Resource { name, closings }))?;
                Ok(())
            }
        })
        .blocking("closed", move |call| {
            let [count] = call.bind(["count"])?;
            Ok(Value::List(closed.wait(number(&count)?)?))
        })
        .method("seen", async |call| {
            let [] = call.bind([])?;
            Ok(seen(&current()?))
        })
        .method("answer_with", async |call| {
            let [key, value] = call.bind(["key", "text"])?;
            let (key, value) = (text(&key)?, text(&value)?);
            let id = key.as_bytes().first_chunk::<4>();
            let id =
                id.ok_or_else(|| Exception::new("ValueError", "an annotation's name has four letters"))?;
            current()?.annotate_response(*id, value.into_bytes());
            Ok(())
        })
        .method("correlation_onwards", move |call| {
            let client = client.clone();
            async move {
                let [uri] = call.bind(["uri"])?;
                let uri: Uri =
                    text(&uri)?.parse().map_err(|error| Exception::new("ValueError", format!("{error}")))?;
                let seen = client.proxy(uri).call("seen", ()).await.map_err(raise)?;
                Ok(seen.as_dict().and_then(|seen| seen.get("correlation")).cloned())
            }
        })
}

/// Something that is closed when its session ends.
struct Resource {
    name: String,
    closings: Tally,
}

impl Drop for Resource {
    fn drop(&mut self) {
        self.closings.add(self.name.clone());
    }
}

fn current() -> Result<CallContext, Exception> {
    context().ok_or_else(|| Exception::new("RuntimeError", "there is no context"))
}

fn seen(context: &CallContext) -> Value {
    let mut annotations: Vec<_> =
        context.annotations().iter().map(|(id, data)| (text_of(&id), text_of(data))).collect();
    annotations.sort();
    let host = context.peer().rsplit_once(':').map_or(context.peer(), |(host, _)| host);
    let mut seen = Dict::new();
    seen.insert("annotations", Value::Dict(annotations.into_iter().collect()));
    seen.insert("correlation", context.correlation_id().to_string());
    seen.insert("peer", Value::from_iter([host]));
    seen.insert("serializer", context.codec().name());
    Value::Dict(seen)
}

fn text_of(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

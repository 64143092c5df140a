//! `Pyro.Daemon`: the object through which callers ask a daemon about itself (wire protocol §12).

use std::sync::{Arc, LazyLock};

use ferropyro_proto::Dialect;
use ferropyro_value::{Exception, Value};

use super::registry::daemon_error;
use super::{Description, Interface, MethodInfo, Object, Request, Shared, Slot};
use crate::Arguments;

/// The id of every daemon's own object.
pub(crate) const DAEMON_ID: &str = "Pyro.Daemon";

/// The object; what it tells it reads from the daemon that serves the request.
#[derive(Debug)]
pub(super) struct DaemonObject;

static INTERFACE: LazyLock<Interface> = LazyLock::new(|| {
    Interface::new("DaemonObject")
        .method(
            "registered",
            MethodInfo::new().doc("The ids of all registered objects.").parameters::<&str>([]),
        )
        .method("ping", MethodInfo::new().doc("Does nothing.").parameters::<&str>([]))
        .method("info", MethodInfo::new().doc("A line about the daemon.").parameters::<&str>([]))
        .method(
            "get_metadata",
            MethodInfo::new().doc("What an object offers.").parameters(["objectId", "as_lists"]),
        )
        .method(
            "get_next_stream_item",
            MethodInfo::new().doc("The next item of an item stream.").parameters(["streamId"]),
        )
        .method("close_stream", MethodInfo::new().doc("Forgets an item stream.").parameters(["streamId"]))
        .method(
            "describe",
            // Ferropyro's own: the genuine daemons have no such method, and their metadata is well known.
            MethodInfo::new()
                .unlisted()
                .doc("What is known of an object, for people: documentation and parameters too.")
                .parameters(["objectId"]),
        )
});

impl Object for DaemonObject {
    fn interface(&self) -> &Interface {
        &INTERFACE
    }

    fn dispatch(self: Arc<Self>, mut request: Request, slot: &mut Slot) {
        let Some(shared) = request.context().shared().map(Arc::clone) else {
            let exception = daemon_error("no daemon serves this object");
            return slot.ready(request.fail(exception));
        };
        let call = match request.arguments() {
            Ok(call) => call,
            Err(exception) => return slot.ready(request.fail(exception)),
        };
        match call.method() {
            "get_next_stream_item" => match call.bind_as(["streamId"]) {
                Ok((id,)) => slot.run(async move {
                    let id: String = id;
                    shared.streams.next(&id, request).await
                }),
                Err(exception) => slot.ready(request.fail(exception)),
            },
            "get_metadata" => slot.run(async move {
                match metadata(&shared, call).await {
                    Ok(metadata) => request.value(metadata),
                    Err(exception) => request.fail(exception),
                }
            }),
            "describe" => slot.run(async move {
                match described(&shared, call).await {
                    Ok(description) => request.give(description),
                    Err(exception) => request.fail(exception),
                }
            }),
            _ => slot.ready(match answer(&shared, call) {
                Ok(value) => request.value(value),
                Err(exception) => request.fail(exception),
            }),
        }
    }
}

async fn metadata(shared: &Shared, call: Arguments) -> Result<Value, Exception> {
    let ([id], [as_lists]) = call.bind_optional(["objectId"], ["as_lists"])?;
    let object = find(shared, &id).await?;
    // Sets for both dialects here, unlike in the handshake; Pyro4 callers may ask for lists.
    let as_lists = as_lists.is_some_and(|flag| flag.as_bool() == Some(true));
    let dialect = if as_lists { Dialect::Pyro4 } else { Dialect::Pyro5 };
    Ok(object.interface().metadata().to_value(dialect))
}

async fn described(shared: &Shared, call: Arguments) -> Result<Description, Exception> {
    let [id] = call.bind(["objectId"])?;
    Ok(Description::from(find(shared, &id).await?.interface()))
}

async fn find(shared: &Shared, id: &Value) -> Result<Arc<dyn Object>, Exception> {
    shared.find(id.as_str().unwrap_or_default()).await
}

fn answer(shared: &Shared, call: Arguments) -> Result<Value, Exception> {
    match call.method() {
        "registered" => call.bind([]).map(|[]| shared.registry.ids().into_iter().collect()),
        "ping" => call.bind([]).map(|[]| Value::None),
        "info" => call.bind([]).map(|[]| Value::from(shared.describe())),
        "close_stream" => {
            let [id] = call.bind(["streamId"])?;
            if let Some(id) = id.as_str() {
                shared.streams.close(id);
            }
            Ok(Value::None)
        }
        other => Err(Exception::new("AttributeError", format!("no method '{other}'"))),
    }
}

//! `Pyro.Daemon`: the object through which callers ask a daemon about itself (wire protocol §12).

use std::sync::{Arc, LazyLock};

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
        if call.method() == "get_next_stream_item" {
            return match call.bind(["streamId"]) {
                Ok([id]) => slot
                    .run(async move { shared.streams.next(id.as_str().unwrap_or_default(), request).await }),
                Err(exception) => slot.ready(request.fail(exception)),
            };
        }
        if call.method() == "describe" {
            let found = call.bind(["objectId"]).and_then(|[id]| find(&shared, &id));
            return slot.ready(match found {
                Ok(object) => request.give(Description::from(object.interface())),
                Err(exception) => request.fail(exception),
            });
        }
        let reply = match answer(&shared, call) {
            Ok(value) => request.value(value),
            Err(exception) => request.fail(exception),
        };
        slot.ready(reply);
    }
}

fn find(shared: &Shared, id: &Value) -> Result<Arc<dyn Object>, Exception> {
    let object = id.as_str().and_then(|id| shared.registry.find(id));
    object.ok_or_else(|| daemon_error("unknown object"))
}

fn answer(shared: &Shared, call: Arguments) -> Result<Value, Exception> {
    match call.method() {
        "registered" => call.bind([]).map(|[]| shared.registry.ids().into_iter().collect()),
        "ping" => call.bind([]).map(|[]| Value::None),
        "info" => call.bind([]).map(|[]| Value::from(shared.describe())),
        "get_metadata" => {
            let ([id], [as_lists]) = call.bind_optional(["objectId"], ["as_lists"])?;
            let object = find(shared, &id)?;
            let metadata = object.interface().metadata();
            // Sets for both dialects here, unlike in the handshake; Pyro4 callers may ask for lists.
            let as_lists = as_lists.is_some_and(|flag| flag.as_bool() == Some(true));
            Ok(metadata.to_value(if as_lists {
                ferropyro_proto::Dialect::Pyro4
            } else {
                ferropyro_proto::Dialect::Pyro5
            }))
        }
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

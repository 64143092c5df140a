//! `References`: objects, proxies and addresses as values; calls back and onwards.

use ferropyro::server::{Methods, Request, Slot};
use ferropyro::{AnyProxy, Arguments, Client, Daemon, Exception, ProxyState, Uri, Value};

use super::{raise, text};

/// The object. Its methods register others on the daemon that serves it.
pub(super) fn references(client: &Client) -> Methods {
    onwards(own(Methods::new("References")), client)
}

/// Adds a method that needs nothing but its daemon and the names that it is given.
fn with_daemon<V: Into<Value>>(
    references: Methods,
    name: &str,
    method: impl Fn(&Daemon, Vec<Value>) -> Result<V, Exception> + Send + Sync + 'static,
) -> Methods {
    references.request(name, move |mut request: Request, slot: &mut Slot| {
        let daemon = request.daemon().ok_or_else(|| Exception::new("RuntimeError", "no daemon"));
        let arguments = request.arguments();
        slot.ready(match daemon.and_then(|daemon| method(&daemon, arguments?.positional)) {
            Ok(result) => request.value(result),
            Err(exception) => request.fail(exception),
        });
    })
}

fn own(references: Methods) -> Methods {
    let references = with_daemon(references, "uri", |daemon, _| Ok(daemon.uri_for("references")));
    let references =
        with_daemon(references, "proxy", |daemon, _| Ok(ProxyState::new(daemon.uri_for("references"))));
    let references = with_daemon(references, "myself", |daemon, _| reference(daemon, "references"));
    let references = with_daemon(references, "child", |daemon, names| {
        new_child(daemon, names.first().unwrap_or(&Value::None))
    });
    let references = with_daemon(references, "children", |daemon, names| {
        let children: Result<Vec<_>, _> = names.iter().map(|name| new_child(daemon, name)).collect();
        children.map(Value::from_iter)
    });
    references.method("same", async |call| {
        let [proxy] = call.bind(["proxy"])?;
        match proxy {
            Value::Proxy(state) => Ok(state.uri.object() == Some("references")),
            other => Err(Exception::new("AttributeError", format!("{} has no _pyroUri", other.type_name()))),
        }
    })
}

/// Registers a child; gives a reference to it.
fn new_child(daemon: &Daemon, name: &Value) -> Result<ProxyState, Exception> {
    let name = text(name)?;
    let child = Methods::new("Child").method("greet", move |call| {
        let greeting = format!("I am {name}");
        async move { call.bind([]).map(|[]| greeting) }
    });
    let uri = daemon.register_anonymous(child).map_err(|error| raise(error.into_kind()))?;
    reference(daemon, uri.object().unwrap_or_default())
}

fn reference(daemon: &Daemon, id: &str) -> Result<ProxyState, Exception> {
    daemon.reference(id).map_err(|error| raise(error.into_kind()))
}

fn onwards(references: Methods, client: &Client) -> Methods {
    let (direct, hear, uri, attribute) = (client.clone(), client.clone(), client.clone(), client.clone());
    references
        .method("call", move |call| pass_on(direct.clone(), call))
        .method("call_and_hear", move |call| pass_on(hear.clone(), call))
        .method("call_uri", move |call| pass_on(uri.clone(), call))
        .method("attribute", move |call| {
            let client = attribute.clone();
            async move {
                let [proxy, name] = call.bind(["proxy", "name"])?;
                proxy_of(&client, proxy)?.get(text(&name)?).await.map_err(raise)
            }
        })
}

/// Calls a method of the object that the first argument means.
async fn pass_on(client: Client, Arguments { mut positional, .. }: Arguments) -> Result<Value, Exception> {
    if positional.len() < 2 {
        return Err(Exception::new("TypeError", "an object and a method are needed"));
    }
    let rest = positional.split_off(2);
    let (Some(method), Some(target)) = (positional.pop(), positional.pop()) else { return Ok(Value::None) };
    let proxy = proxy_of(&client, target)?;
    proxy.call(text(&method)?, Arguments::from(rest)).await.map_err(raise)
}

fn proxy_of(client: &Client, target: Value) -> Result<AnyProxy, Exception> {
    match target {
        Value::Proxy(state) => Ok(client.proxy(*state)),
        Value::Uri(uri) => Ok(client.proxy(*uri)),
        Value::Str(text) => {
            let uri: Uri = text.parse().map_err(|error| Exception::new("ValueError", format!("{error}")))?;
            Ok(client.proxy(uri))
        }
        other => Err(Exception::new("AttributeError", format!("{} is no proxy", other.type_name()))),
    }
}

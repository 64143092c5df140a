//! [`Methods`]: an object put together by hand, a closure for each method.

use std::fmt;
use std::future::Future;
use std::sync::Arc;

use ferropyro_value::{Exception, Value};
use indexmap::IndexMap;

use super::{Interface, ItemSource, MethodInfo, Object, Request, RequestKind, Slot};
use crate::Arguments;

type Handler = Box<dyn Fn(Request, &mut Slot) + Send + Sync>;

/// An object whose methods are closures.
///
/// ```
/// use ferropyro::server::Methods;
///
/// let greeter = Methods::new("Greeter").method("hello", async |call| {
///     let [name] = call.bind(["name"])?;
///     let name = name.as_str().unwrap_or("you");
///     Ok(format!("Hello, {name}"))
/// });
/// # let _ = greeter;
/// ```
///
/// An error that a method returns is an [`Exception`]; `?` turns anything into one that has a conversion.
pub struct Methods {
    interface: Interface,
    methods: IndexMap<String, Handler>,
    attributes: IndexMap<String, Attribute>,
}

struct Attribute {
    read: Handler,
    write: Option<Handler>,
}

impl Methods {
    /// An object without methods. The type's name appears in messages.
    #[must_use]
    pub fn new(type_name: impl Into<String>) -> Self {
        let interface = Interface::new(type_name);
        Self { interface, methods: IndexMap::new(), attributes: IndexMap::new() }
    }

    /// Adds a method. It runs on the connection's task and must not block.
    #[must_use]
    pub fn method<F, Fut, V>(self, name: &str, method: F) -> Self
    where
        F: Fn(Arguments) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<V, Exception>> + Send + 'static,
        V: Into<Value> + 'static,
    {
        self.add(name, MethodInfo::new(), future(method))
    }

    /// Adds a method that callers do not wait for.
    #[must_use]
    pub fn oneway<F, Fut>(self, name: &str, method: F) -> Self
    where
        F: Fn(Arguments) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<(), Exception>> + Send + 'static,
    {
        self.add(name, MethodInfo::new().oneway(), future(method))
    }

    /// Adds a method that may block: it runs on a thread for that, where calls may use `wait()`.
    #[must_use]
    pub fn blocking<F, V>(self, name: &str, method: F) -> Self
    where
        F: Fn(Arguments) -> Result<V, Exception> + Send + Sync + 'static,
        V: Into<Value> + 'static,
    {
        let method = Arc::new(method);
        let handler = move |mut request: Request, slot: &mut Slot| {
            let method = Arc::clone(&method);
            slot.block(move || match request.arguments().and_then(|call| method(call)) {
                Ok(result) => request.value(result),
                Err(exception) => request.fail(exception),
            });
        };
        self.add(name, MethodInfo::new(), Box::new(handler))
    }

    /// Adds a method whose result is an item stream.
    #[must_use]
    pub fn stream<F, S>(self, name: &str, method: F) -> Self
    where
        F: Fn(Arguments) -> Result<S, Exception> + Send + Sync + 'static,
        S: Into<ItemSource>,
    {
        let handler = move |mut request: Request, slot: &mut Slot| {
            let reply = match request.arguments().and_then(&method) {
                Ok(items) => request.stream(items),
                Err(exception) => request.fail(exception),
            };
            slot.ready(reply);
        };
        self.add(name, MethodInfo::new(), Box::new(handler))
    }

    /// Adds a method that takes the request as it is: for arguments that decode straight into types, for
    /// blobs, for anything that the other kinds of method do not offer.
    #[must_use]
    pub fn request<F>(self, name: &str, method: F) -> Self
    where
        F: Fn(Request, &mut Slot) + Send + Sync + 'static,
    {
        self.add(name, MethodInfo::new(), Box::new(method))
    }

    /// Adds an attribute that callers may read.
    #[must_use]
    pub fn attribute<G, V>(mut self, name: &str, read: G) -> Self
    where
        G: Fn() -> V + Send + Sync + 'static,
        V: Into<Value>,
    {
        self.interface = std::mem::take(&mut self.interface).read_only(name);
        self.methods.shift_remove(name);
        self.attributes.insert(name.to_owned(), Attribute { read: reader(read), write: None });
        self
    }

    /// Adds an attribute that callers may read and set.
    #[must_use]
    pub fn attribute_rw<G, V, S>(mut self, name: &str, read: G, write: S) -> Self
    where
        G: Fn() -> V + Send + Sync + 'static,
        V: Into<Value>,
        S: Fn(Value) -> Result<(), Exception> + Send + Sync + 'static,
    {
        let write = move |mut request: Request, slot: &mut Slot| {
            let written =
                request.arguments().and_then(|call| call.bind(["value"])).and_then(|[value]| write(value));
            slot.ready(match written {
                Ok(()) => request.value(Value::None),
                Err(exception) => request.fail(exception),
            });
        };
        self.interface = std::mem::take(&mut self.interface).read_write(name);
        self.methods.shift_remove(name);
        let attribute = Attribute { read: reader(read), write: Some(Box::new(write)) };
        self.attributes.insert(name.to_owned(), attribute);
        self
    }

    /// Says what a method or attribute that was added before does, for people.
    #[must_use]
    pub fn doc(mut self, name: &str, doc: impl Into<String>) -> Self {
        self.interface = std::mem::take(&mut self.interface).doc(name, doc);
        self
    }

    fn add(mut self, name: &str, info: MethodInfo, handler: Handler) -> Self {
        self.interface = std::mem::take(&mut self.interface).method(name, info);
        self.attributes.shift_remove(name);
        // The interface moves a name that is added again to its end, and so does this.
        self.methods.shift_remove(name);
        self.methods.insert(name.to_owned(), handler);
        self
    }
}

fn future<F, Fut, V>(method: F) -> Handler
where
    F: Fn(Arguments) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Result<V, Exception>> + Send + 'static,
    V: Into<Value> + 'static,
{
    Box::new(move |mut request, slot| match request.arguments() {
        Ok(call) => {
            let running = method(call);
            slot.run(async move {
                match running.await {
                    Ok(result) => request.value(result),
                    Err(exception) => request.fail(exception),
                }
            });
        }
        Err(exception) => slot.ready(request.fail(exception)),
    })
}

fn reader<V: Into<Value>>(read: impl Fn() -> V + Send + Sync + 'static) -> Handler {
    Box::new(move |request, slot| {
        let value = read();
        slot.ready(request.value(value));
    })
}

impl Object for Methods {
    fn interface(&self) -> &Interface {
        &self.interface
    }

    fn dispatch(self: Arc<Self>, request: Request, slot: &mut Slot) {
        let attribute = |index| self.attributes.get_index(index).map(|(_, attribute)| attribute);
        let handler = match request.kind() {
            RequestKind::Method => self.methods.get_index(request.index()).map(|(_, handler)| handler),
            RequestKind::GetAttribute => attribute(request.index()).map(|attribute| &attribute.read),
            RequestKind::SetAttribute => {
                attribute(request.index()).and_then(|attribute| attribute.write.as_ref())
            }
        };
        match handler {
            Some(handler) => handler(request, slot),
            None => {
                let text = format!("no member '{}'", request.method());
                slot.ready(request.fail(Exception::new("AttributeError", text)));
            }
        }
    }
}

impl fmt::Debug for Methods {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Methods").field("interface", &self.interface).finish_non_exhaustive()
    }
}

//! The macros of Ferropyro: what a user writes once about an object, in both directions.
//!
//! They know nothing of connections or codecs. What they expand to uses one module of `ferropyro`, its `glue`;
//! depend on `ferropyro`, which exports them.

mod attributes;
#[cfg(test)]
mod checks;
mod faults;
mod names;
mod python_class;
mod remote;
mod remote_error;

use proc_macro::TokenStream;

/// Makes the methods of a trait, or of an inherent `impl`, callable from elsewhere.
///
/// ```ignore
/// /// Greets people.
/// #[remote]
/// pub trait Greeter {
///     /// Says hello.
///     async fn hello(&self, name: String) -> Result<String, GreetError>;
///     fn crunch(&self, n: u64, #[default(3)] times: u32) -> u64;
///     #[oneway]
///     async fn log(&self, line: String);
///     #[attr]
///     async fn motto(&self) -> String;
///     #[attr(set)]
///     async fn set_motto(&self, motto: String);
///     #[name("welcomeMessage")]
///     async fn welcome_message(&self, name: String) -> String;
/// }
/// ```
///
/// expands to the trait, to a proxy type with the same methods, and to what serves objects behind it:
///
/// ```ignore
/// /// Greets people.
/// pub trait Greeter: Send + Sync + 'static {
///     /// Says hello.
///     fn hello(&self, name: String) -> impl Future<Output = Result<String, GreetError>> + Send;
///     fn crunch(&self, n: u64, times: u32) -> u64;
///     // …
/// }
///
/// /// A proxy for a [`Greeter`], in another process or in this one.
/// #[derive(Clone, PartialEq, Eq, Hash)]
/// pub struct GreeterProxy(AnyProxy);
///
/// impl GreeterProxy {
///     pub fn local<O>(object: O) -> Self where Self: ServedBy<O>;
///     pub fn serve<O>(daemon: &Daemon, id: &str, object: O) -> Result<Self> where Self: ServedBy<O>;
///
///     /// Says hello.
///     pub fn hello(&self, name: impl Into<String>) -> Call<String, GreetError, (String,)>;
///     /// Optional, given with `.arg(name, value)`: `times: u32 = 3`.
///     pub fn crunch(&self, n: u64) -> Call<u64, Infallible, (u64,)>;
///     // …
/// }
///
/// // The proxy derefs to `AnyProxy`, converts from and into it and into `Value`, and travels as a reference.
/// impl Proxy for GreeterProxy { /* the interface: names, parameters, documentation */ }
/// impl<T: Greeter> Glue<T> for GreeterProxy { /* from a request to the method */ }
/// impl<T: Greeter> ServedBy<T> for GreeterProxy { /* one object for all */ }
/// impl<T: Greeter> ServedBy<Instances<T>> for GreeterProxy { /* or one for each session, or call */ }
/// ```
///
/// A type implements the trait with plain `async fn`s. The methods of supertraits are not among those of the proxy:
/// name them in this trait too.
///
/// # Methods
///
/// All take `&self`, since several callers may be inside at once. An `async fn` must not block; a plain `fn`
/// may, it runs on a thread for that. Attributes say more:
///
/// | attribute | on | means |
/// |---|---|---|
/// | `#[oneway]` | a method without result | callers do not wait for it |
/// | `#[attr]` | a method without parameters | reads an attribute of the object |
/// | `#[attr(set)]` | a method `set_…` with one parameter | sets an attribute of the object |
/// | `#[name("…")]` | a method | the name that callers know it by |
/// | `#[default(3)]` | a parameter | callers may leave it out; `#[default]` alone is the type's own default |
/// | `#[skip]` | a `pub` method of an `impl` | it is not remote |
///
/// `local`, `serve`, `clone`, `into` and `try_into` are methods of every proxy: a method that callers know by such
/// a name has another one in Rust, `#[name("clone")] async fn clone_it(&self)`. Other names of `AnyProxy`'s methods
/// are free: `greeter.uri()` is then the remote method, and `AnyProxy::uri(&greeter)` the proxy's own.
///
/// # Parameters
///
/// They are owned: `String`, not `&str`. There are 12 at most. In the methods of the proxy,
///
/// - `String` is `impl Into<String>`, so that `"text"` will do;
/// - a type whose name ends in `Proxy` is `impl Into` of it, so that `&proxy` will do;
/// - parameters with a `#[default]` are left out; a call gets them with `.arg("times", 5)`, as its documentation
///   says;
/// - all others are what they are.
///
/// # Results
///
/// A macro sees words, not types, so these have to be written out: `Result<T, E>` fails with `E`, a
/// [`RemoteError`](derive@RemoteError); `Stream<T>` gives items on demand; `Result<Stream<T>, E>` does both. All
/// else is a value. In particular an alias of `Result` with one parameter is refused.
///
/// # On an `impl`
///
/// ```ignore
/// #[remote]
/// impl Robot {
///     pub fn new() -> Self { /* … */ }                          // no `&self`: not remote
///     pub async fn forward(&self, steps: u32) -> bool { /* … */ }
///     fn helper(&self) { /* … */ }                              // not `pub`: not remote
///     #[skip]
///     pub fn reset(&mut self) { /* … */ }                       // left out
/// }
/// ```
///
/// The block stays as it is, and there is a `RobotProxy` that a `Robot` is served by. It is for the common case
/// of a single implementation. A type has one such block; further ones, without `#[remote]`, are its own affair.
///
/// # Options
///
/// - `#[remote(proxy = "Name")]` names the proxy type;
/// - `#[remote(crate = "path")]` says where Ferropyro is, if it is not `::ferropyro`.
///
/// A `#[cfg]` goes above `#[remote]`, and so for all that it expands to.
#[proc_macro_attribute]
pub fn remote(options: TokenStream, item: TokenStream) -> TokenStream {
    faults::output(remote::expand(options.into(), item.into())).into()
}

/// Makes an error type one that a remote method can fail with: an exception for Python, the same type again for
/// Rust.
///
/// ```ignore
/// #[derive(Debug, thiserror::Error, RemoteError)]
/// pub enum GreetError {
///     #[error("empty name")]
///     #[exception("ValueError")]
///     Empty,
///     #[error("longer than {max}")]
///     #[exception("greeting.TooLong")]
///     TooLong { max: u32 },
/// }
/// ```
///
/// expands to
///
/// ```ignore
/// impl From<GreetError> for Exception { /* by into_exception */ }
///
/// impl RemoteError for GreetError {
///     fn into_exception(self) -> Exception {
///         let message = self.to_string();
///         match self {
///             Self::Empty => Raise::new("GreetError", "Empty", "ValueError", message).finish(),
///             Self::TooLong { max } => {
///                 Raise::new("GreetError", "TooLong", "greeting.TooLong", message).field("max", &max).finish()
///             }
///         }
///     }
///
///     fn from_exception(exception: &Exception) -> Option<Self> {
///         let fields = Raised::read(exception, "GreetError")?;
///         match fields.variant() {
///             "Empty" => Some(Self::Empty),
///             "TooLong" => Some(Self::TooLong { max: fields.get("max")? }),
///             _ => None,
///         }
///     }
/// }
/// ```
///
/// The message is what `Display` says. `#[exception("…")]` names the class that Python sees: a built-in one, or a
/// class with its module. On the type it goes for all variants that have none of their own; without any, Python
/// sees a `RuntimeError`. What the variants carry has to be `Serialize` and `Deserialize`.
#[proc_macro_derive(RemoteError, attributes(exception))]
pub fn derive_remote_error(item: TokenStream) -> TokenStream {
    faults::output(remote_error::expand(item.into())).into()
}

/// Makes a struct travel as an object of a Python class, an enum as an object of one of several.
///
/// ```ignore
/// #[python_class("inventory.Part")]
/// #[derive(Debug)]
/// pub struct Part {
///     pub name: String,
///     #[serde(default)]
///     pub count: u32,
/// }
/// ```
///
/// expands to
///
/// ```ignore
/// #[derive(Serialize, Deserialize)]
/// #[serde(crate = "::ferropyro::glue::serde")]
/// #[serde(tag = "__class__", rename = "inventory.Part")]
/// #[derive(Debug)]
/// pub struct Part { /* … */ }
/// ```
///
/// Without it, a struct travels as a dict of its fields. It derives `Serialize` and `Deserialize` itself, so it
/// goes on top of the other attributes: a `#[derive(Serialize)]` above it cannot be seen, and ends in errors about
/// two implementations. A struct that is read may come from any class with these fields.
///
/// An enum is a hierarchy of classes; which one it is, tells the variant:
///
/// ```ignore
/// #[python_class]
/// pub enum Shape {
///     #[class("shapes.Circle")]
///     Circle { radius: f64 },
///     #[class("shapes.Square")]
///     Square(Square),
/// }
/// ```
///
/// Here `#[python_class]` becomes `#[serde(tag = "__class__")]`, and each `#[class("…")]` a
/// `#[serde(rename = "…")]`. A struct inside a variant, such as `Square`, derives `Serialize` and `Deserialize` by
/// itself and is no `#[python_class]`: its class is what the variant says, and there is room for one only.
#[proc_macro_attribute]
pub fn python_class(options: TokenStream, item: TokenStream) -> TokenStream {
    faults::output(python_class::expand(options.into(), item.into())).into()
}

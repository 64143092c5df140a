//! Instances of classes: unknown ones as data, exceptions, and references to remote objects.

use crate::{Dict, Uri, Value};

/// An instance of a class that is data to us.
///
/// On the wire it is a mapping with `__class__` (wire protocol §5.2); Pyro writes that member last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instance {
    /// The class name with its module, such as `inventory.Part`.
    pub class: String,
    /// The members, without `__class__`.
    pub members: Dict,
}

/// An exception as it travels: a class name, arguments, attributes (wire protocol §11.3).
///
/// Whether the class exists on this side does not matter; nothing is ever instantiated by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exception {
    class: String,
    args: Vec<Value>,
    attributes: Dict,
}

/// The attribute in which Pyro sends the remote traceback.
pub(crate) const TRACEBACK: &str = "_pyroTraceback";

impl Exception {
    /// An exception with one argument, its message. `class` is `builtins.ValueError`,
    /// `Pyro5.errors.NamingError` (written `Pyro4.errors.…` to a Pyro4 peer) or a name of your own; a bare
    /// name such as `ValueError` means a built-in one.
    pub fn new(class: impl Into<String>, message: impl Into<String>) -> Self {
        Self::with_args(class, vec![Value::Str(message.into())])
    }

    /// An exception with any arguments.
    pub fn with_args(class: impl Into<String>, args: Vec<Value>) -> Self {
        let mut class = class.into();
        if !class.contains('.') {
            class.insert_str(0, "builtins.");
        }
        Self { class, args, attributes: Dict::new() }
    }

    /// An exception exactly as it came from the wire, its class name untouched.
    pub fn from_parts(class: impl Into<String>, args: Vec<Value>, attributes: Dict) -> Self {
        Self { class: class.into(), args, attributes }
    }

    /// The class name with its module, as the peer wrote it.
    #[must_use]
    pub fn class(&self) -> &str {
        &self.class
    }

    /// The class name without its module: `ValueError`.
    #[must_use]
    pub fn name(&self) -> &str {
        self.class.rsplit('.').next().unwrap_or(&self.class)
    }

    /// The arguments that the exception was raised with.
    #[must_use]
    pub fn args(&self) -> &[Value] {
        &self.args
    }

    /// The attributes, the remote traceback among them.
    #[must_use]
    pub fn attributes(&self) -> &Dict {
        &self.attributes
    }

    /// The attributes, to change.
    pub fn attributes_mut(&mut self) -> &mut Dict {
        &mut self.attributes
    }

    /// Sets the remote traceback: lines that each end in a newline, as Python's formatter makes them.
    #[must_use]
    pub fn with_traceback<L: Into<Value>>(mut self, lines: impl IntoIterator<Item = L>) -> Self {
        self.attributes.insert(TRACEBACK, lines.into_iter().collect::<Value>());
        self
    }

    /// The remote traceback as one text; empty when the peer sent none.
    #[must_use]
    pub fn traceback(&self) -> String {
        match self.attributes.get(TRACEBACK) {
            Some(Value::Str(text)) => text.clone(),
            Some(Value::List(lines) | Value::Tuple(lines)) => {
                lines.iter().filter_map(Value::as_str).collect()
            }
            _ => String::new(),
        }
    }

    /// The text that Python's `str(exception)` gives: nothing for no argument, the argument for one, the
    /// tuple for more.
    #[must_use]
    pub fn message(&self) -> String {
        match self.args.as_slice() {
            [] => String::new(),
            [Value::Str(text)] if self.name() != "KeyError" => text.clone(),
            [one] => crate::literal::repr(one),
            many => crate::literal::repr(&Value::Tuple(many.to_vec())),
        }
    }
}

impl std::fmt::Display for Exception {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let message = self.message();
        if message.is_empty() { f.write_str(self.name()) } else { write!(f, "{}: {message}", self.name()) }
    }
}

impl std::error::Error for Exception {}

impl From<std::convert::Infallible> for Exception {
    /// For code that is generic over errors: a method that cannot fail raises nothing.
    fn from(never: std::convert::Infallible) -> Self {
        match never {}
    }
}

/// What a proxy carries when it travels (wire protocol §11.1).
///
/// Without metadata (all three lists empty) the receiver fetches it at the first use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProxyState {
    /// The object's address.
    pub uri: Uri,
    /// Names of one-way methods.
    pub oneway: Vec<String>,
    /// Names of methods, the one-way ones included.
    pub methods: Vec<String>,
    /// Names of attributes.
    pub attrs: Vec<String>,
    /// What the proxy's CONNECT says to the daemon's validator. Default: the text `hello`.
    pub handshake: Value,
    /// The serializer that the proxy was told to use, if any.
    pub serializer: Option<String>,
    /// Pyro4 only: the HMAC key. It travels in the clear.
    pub hmac_key: Option<Vec<u8>>,
}

impl ProxyState {
    /// A reference without metadata.
    #[must_use]
    pub fn new(uri: Uri) -> Self {
        Self {
            uri,
            oneway: Vec::new(),
            methods: Vec::new(),
            attrs: Vec::new(),
            handshake: Value::from("hello"),
            serializer: None,
            hmac_key: None,
        }
    }
}

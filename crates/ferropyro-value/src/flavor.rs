//! What a codec must know of the dialect it writes for: the class names and container kinds that differ.
//!
//! Codecs sit below the dialects, so the dialect hands its flavor down. Nothing here is about frames.

/// The names and shapes of Pyro's own classes in one dialect (wire protocol §11.1).
#[derive(Debug, PartialEq, Eq)]
pub struct Flavor {
    /// Class name of a URI.
    pub uri_class: &'static str,
    /// Class name of a proxy.
    pub proxy_class: &'static str,
    /// Class name of a daemon.
    pub daemon_class: &'static str,
    /// Class name of the wrapper around an exception in a batch's results.
    pub exception_wrapper_class: &'static str,
    /// Module of Pyro's own exceptions, with the dot.
    pub errors_module: &'static str,
    /// Whether a proxy's state has Pyro4's nine members instead of Pyro5's six.
    pub long_proxy_state: bool,
    /// Whether metadata and name server tags are sets (Pyro5) or lists (Pyro4).
    pub metadata_as_sets: bool,
    /// Whether serpent writes bytes as `b'..'` instead of a dict with base64 (Pyro5's `SERPENT_BYTES_REPR`).
    pub bytes_repr: bool,
}

/// Pyro4, protocol 48.
pub static PYRO4: Flavor = Flavor {
    uri_class: "Pyro4.core.URI",
    proxy_class: "Pyro4.core.Proxy",
    daemon_class: "Pyro4.core.Daemon",
    exception_wrapper_class: "Pyro4.futures._ExceptionWrapper",
    errors_module: "Pyro4.errors.",
    long_proxy_state: true,
    metadata_as_sets: false,
    bytes_repr: false,
};

/// Pyro5, protocol 502.
pub static PYRO5: Flavor = PYRO5_CONST;

/// Pyro5 with `SERPENT_BYTES_REPR` on: bytes in serpent as Python bytes literals.
pub static PYRO5_BYTES_REPR: Flavor = Flavor { bytes_repr: true, ..PYRO5_CONST };

pub(crate) const PYRO5_CONST: Flavor = Flavor {
    uri_class: "Pyro5.core.URI",
    proxy_class: "Pyro5.client.Proxy",
    daemon_class: "Pyro5.server.Daemon",
    exception_wrapper_class: "Pyro5.core._ExceptionWrapper",
    errors_module: "Pyro5.errors.",
    long_proxy_state: false,
    metadata_as_sets: true,
    bytes_repr: false,
};

impl Flavor {
    /// The class name of an exception as this dialect spells it: `Pyro4.errors.X` becomes `Pyro5.errors.X`
    /// and the other way round; any other name is kept. `None` when it is spelled right already.
    #[must_use]
    pub fn translate_error_class(&self, class: &str) -> Option<String> {
        let name = class.strip_prefix("Pyro4.errors.").or_else(|| class.strip_prefix("Pyro5.errors."))?;
        (!class.starts_with(self.errors_module)).then(|| format!("{}{name}", self.errors_module))
    }
}

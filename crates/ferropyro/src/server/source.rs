//! Objects that are not registered, but made when somebody asks for their id.
//!
//! A daemon asks its registry first. What a source gives is kept by the connection that asked for as long as it
//! calls that object, and by nobody else.

use std::pin::Pin;
use std::sync::Arc;

use ferropyro_value::Exception;

use super::Object;
use super::registry::daemon_error;

/// What a source says of an id: the object, none, or why it cannot be had now.
pub(super) type Finding = Pin<Box<dyn Future<Output = Result<Option<Arc<dyn Object>>, Exception>> + Send>>;

/// Finds objects by id.
#[derive(Clone)]
pub(super) struct Source(Arc<dyn Fn(String) -> Finding + Send + Sync>);

impl Source {
    pub(super) fn new<F>(find: impl Fn(String) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<Option<Arc<dyn Object>>, Exception>> + Send + 'static,
    {
        Self(Arc::new(move |id| Box::pin(find(id))))
    }

    /// Looks for an object.
    pub(super) fn find(&self, id: &str) -> Finding {
        (self.0)(id.to_owned())
    }
}

/// The object that was found, or what its caller is told.
pub(super) fn found(
    outcome: Result<Option<Arc<dyn Object>>, Exception>,
) -> Result<Arc<dyn Object>, Exception> {
    outcome?.ok_or_else(|| daemon_error("unknown object"))
}

//! The client.

/// A reference to a remote object, untyped.
#[derive(Debug)]
pub struct AnyProxy;

/// Finds objects.
#[derive(Debug)]
pub struct Client;

//! [`StartError`]: why a name server does not start.

use std::io;

use ferropyro::Location;

use crate::Error;
use crate::storage::StorageError;

/// Why a name server does not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// The storage cannot be opened or read.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// The daemon cannot listen; the text says where, why and what to try.
    #[error(transparent)]
    Daemon(#[from] ferropyro::Error),
    /// A setting, or the entry of the name server itself, was refused.
    #[error(transparent)]
    Refused(#[from] Error),
    /// The responder to broadcasts cannot listen.
    #[error(
        "cannot listen for broadcasts on {location}: {source}; choose another broadcast host or port, or \
         switch broadcasts off"
    )]
    Broadcast {
        /// Where it was to listen.
        location: Location,
        /// The system's error.
        source: io::Error,
    },
    /// The thread that opened the storage ended early.
    #[error("the name server was stopped while it started")]
    Interrupted,
}

//! Where things are: the workspace, its target directory, the Python environment in it.

use std::env;
use std::path::{Path, PathBuf};

/// The root of the workspace.
pub(crate) fn root() -> &'static Path {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.parent().unwrap_or(package)
}

/// Where cargo puts what it builds: `CARGO_TARGET_DIR`, else `target` in the workspace.
pub(crate) fn target() -> PathBuf {
    match env::var_os("CARGO_TARGET_DIR") {
        // Cargo takes a relative one from the directory in which it was started, as we do.
        Some(directory) if !directory.is_empty() => {
            std::path::absolute(&directory).unwrap_or_else(|_| PathBuf::from(directory))
        }
        _ => root().join("target"),
    }
}

/// The directory of everything that has to do with the genuine programs.
pub(crate) fn pyro() -> PathBuf {
    target().join("pyro")
}

/// The list of what the Python environment holds.
pub(crate) fn requirements() -> PathBuf {
    root().join("conformance").join("requirements.txt")
}

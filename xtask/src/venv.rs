//! The private Python environment with the genuine Pyro4 and Pyro5.
//!
//! It is made once and used until `conformance/requirements.txt` changes: a copy of that file in the
//! environment says what it was made from. It is built beside its place and renamed into it, so that an
//! environment is whole or not there, also when two commands run at once. Nothing outside the target
//! directory is touched, and only the Python in it is ever run (its scripts know the name it was built under).

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::{self, Command};

use crate::failure::Failure;
use crate::layout;

/// The copy of the requirements that an environment was made from, in its directory.
const STAMP: &str = "made-from-requirements.txt";

/// The path of the environment's Python; makes the environment first where needed.
///
/// # Errors
/// [`Failure::NoPython`] if Python, its `venv` module or the package registry is missing; the text says which.
pub(crate) fn python() -> Result<PathBuf, Failure> {
    let path = layout::requirements();
    let requirements = fs::read_to_string(&path)
        .map_err(|error| Failure::Other(format!("cannot read {}: {error}", path.display())))?;
    let home = layout::pyro();
    let place = home.join("venv");
    if !is_made_from(&place, &requirements) {
        fs::create_dir_all(&home).map_err(|error| failed_at("create", &home, &error))?;
        let build = home.join(format!("venv-being-made-{}", process::id()));
        let outcome = make(&build, &path, &requirements).and_then(|()| put(&build, &place, &requirements));
        // Where it went into place there is nothing left to remove.
        let _ = fs::remove_dir_all(&build);
        outcome?;
    }
    Ok(interpreter(&place))
}

fn interpreter(venv: &Path) -> PathBuf {
    if cfg!(windows) { venv.join("Scripts").join("python.exe") } else { venv.join("bin").join("python") }
}

/// Whether the environment is whole, made from these requirements, and its Python still there (it is a link
/// to the system's, which may have been upgraded away).
fn is_made_from(venv: &Path, requirements: &str) -> bool {
    interpreter(venv).exists()
        && fs::read_to_string(venv.join(STAMP)).is_ok_and(|stamp| stamp == requirements)
}

/// Builds an environment, its stamp last.
fn make(build: &Path, path: &Path, requirements: &str) -> Result<(), Failure> {
    eprintln!("xtask: making a Python environment with the genuine Pyro4 and Pyro5 ({})", path.display());
    let system = if cfg!(windows) { "python" } else { "python3" };
    step(
        Command::new(system).args(["-m", "venv", "--clear"]).arg(build),
        "its venv module (with ensurepip) is needed; on Debian and Ubuntu: apt install python3-venv",
    )?;
    step(
        Command::new(interpreter(build))
            .args(["-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--quiet", "-r"])
            .arg(path),
        "the packages could not be installed; check that the package registry can be reached (a mirror is set \
         with PIP_INDEX_URL or in pip.conf)",
    )?;
    let stamp = build.join(STAMP);
    fs::write(&stamp, requirements).map_err(|error| failed_at("write", &stamp, &error))
}

/// Runs one step of the making, quietly unless it fails.
fn step(command: &mut Command, advice: &str) -> Result<(), Failure> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command.output().map_err(|error| {
        Failure::NoPython(if error.kind() == ErrorKind::NotFound {
            format!("{program} is not on the PATH: install Python 3.8 or later")
        } else {
            format!("{program} did not start: {error}")
        })
    })?;
    if output.status.success() {
        return Ok(());
    }
    // `python -m venv` complains on stdout, pip on stderr.
    let said = [output.stdout, output.stderr].concat();
    eprint!("{}", String::from_utf8_lossy(&said));
    Err(Failure::NoPython(format!("{program} failed ({}): {advice}", output.status)))
}

/// Puts a finished environment into its place, unless somebody was faster.
fn put(build: &Path, place: &Path, requirements: &str) -> Result<(), Failure> {
    if place.exists() && !is_made_from(place, requirements) {
        let old = build.with_extension("old");
        // Another command may just be doing the same: only the rename below has to work.
        let _ = fs::rename(place, &old);
        let _ = fs::remove_dir_all(&old);
    }
    match fs::rename(build, place) {
        Err(_) if is_made_from(place, requirements) => Ok(()),
        Err(error) => Err(failed_at("rename the new environment to", place, &error)),
        Ok(()) => {
            eprintln!("xtask: the Python environment is {}", place.display());
            Ok(())
        }
    }
}

fn failed_at(what: &str, path: &Path, error: &std::io::Error) -> Failure {
    Failure::Other(format!("cannot {what} {}: {error}", path.display()))
}

#[cfg(all(test, unix))]
mod tests;

//! The environment's comings and goings, with empty directories in place of environments.

use std::env;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;

/// A directory of its own for a test, removed afterwards.
struct Scratch(PathBuf);

impl Scratch {
    fn new() -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = env::temp_dir().join(format!("ferropyro-xtask-{}-{count}", process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    /// Something that passes for an environment made from these requirements.
    fn environment(&self, name: &str, requirements: &str) -> PathBuf {
        let venv = self.0.join(name);
        fs::create_dir_all(venv.join("bin")).unwrap();
        fs::write(interpreter(&venv), "").unwrap();
        fs::write(venv.join(STAMP), requirements).unwrap();
        venv
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn an_environment_is_used_until_the_requirements_change() {
    let scratch = Scratch::new();
    let venv = scratch.environment("venv", "Pyro5==5.17\n");
    assert!(is_made_from(&venv, "Pyro5==5.17\n"));
    assert!(!is_made_from(&venv, "Pyro5==5.18\n"));
    fs::remove_file(interpreter(&venv)).unwrap();
    assert!(!is_made_from(&venv, "Pyro5==5.17\n"));
}

#[test]
fn an_outdated_environment_gives_way() {
    let scratch = Scratch::new();
    let place = scratch.environment("venv", "old");
    let build = scratch.environment("build", "new");
    put(&build, &place, "new").unwrap();
    assert!(is_made_from(&place, "new"));
    assert!(!build.exists());
}

#[test]
fn the_slower_of_two_makers_takes_what_the_faster_one_made() {
    let scratch = Scratch::new();
    let place = scratch.environment("venv", "new");
    let build = scratch.environment("build", "new");
    put(&build, &place, "new").unwrap();
    assert!(is_made_from(&place, "new"));
}

#[test]
fn a_missing_python_is_said_with_what_to_do() {
    let failure = step(&mut Command::new("ferropyro-no-such-python"), "").unwrap_err();
    assert!(matches!(failure, Failure::NoPython(_)));
    assert_eq!(
        failure.to_string(),
        "ferropyro-no-such-python is not on the PATH: install Python 3.8 or later"
    );
}

#[test]
fn a_failing_step_gives_its_advice() {
    let failure =
        step(Command::new("/bin/sh").args(["-c", "exit 3"]), "apt install python3-venv").unwrap_err();
    assert!(failure.to_string().ends_with("apt install python3-venv"));
}

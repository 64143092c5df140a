//! What the compiler says of types, which the macros cannot judge.
//!
//! Its words change with its version. So a file in `types` says what has to be in them: `//~ words` stands at the
//! end of a line that an error has to point at. What the compiler says besides is its own affair.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// What stands before the words.
const WANTED: &str = "//~ ";

/// The crate of all that the macros take.
const PASS: &str = "pass";

#[test]
fn type_errors_point_at_what_the_user_wrote() {
    let cases = cases();
    let said = compile(&cases);
    let mut faults = String::new();
    for (name, path) in &cases {
        let before = faults.len();
        let text = std::fs::read_to_string(path).expect("the case can be read");
        let errors = said.get(name).map_or(&[][..], Vec::as_slice);
        let marked =
            text.lines().zip(1..).filter_map(|(text, line)| Some((text.split_once(WANTED)?.1, line)));
        for (words, line) in marked {
            if !errors.iter().any(|error| error.lines.contains(&line) && error.words.contains(words)) {
                let _ = writeln!(faults, "{name}.rs:{line} has no error with: {words}");
            }
        }
        if errors.is_empty() || errors.iter().any(|error| error.lines.is_empty()) {
            let _ = writeln!(faults, "{name}.rs has no error, or one that points nowhere");
        }
        if faults.len() > before {
            let texts: Vec<_> = errors.iter().map(|error| error.text.as_str()).collect();
            let _ = writeln!(faults, "{name}.rs has these errors:\n{}", texts.join("\n"));
        }
    }
    for error in said.get(PASS).into_iter().flatten() {
        let _ = writeln!(faults, "in the edition of 2021: {}", error.text);
    }
    assert!(faults.is_empty(), "{faults}");
}

/// An error.
struct Said {
    /// The lines that it points at.
    lines: Vec<u64>,
    /// All that the compiler has to say of it, without what it cites: there are the words that are looked for.
    words: String,
    /// It as people see it.
    text: String,
}

impl Said {
    fn read(message: &Value) -> Self {
        let spans = message["spans"].as_array().into_iter().flatten();
        let lines = spans
            .filter(|span| span["is_primary"] == true)
            .filter_map(|span| Some(span["line_start"].as_u64()?..=span["line_end"].as_u64()?))
            .flatten()
            .collect();
        let text = message["rendered"].as_str().unwrap_or_default().to_owned();
        Self { lines, words: words(message), text }
    }
}

fn words(message: &Value) -> String {
    let mut words = message["message"].as_str().unwrap_or_default().to_owned();
    let labels = message["spans"].as_array().into_iter().flatten().filter_map(|span| span["label"].as_str());
    let children = message["children"].as_array().into_iter().flatten().map(self::words);
    for more in labels.map(str::to_owned).chain(children) {
        words += "\n";
        words += &more;
    }
    words
}

/// The files, by the names that their crates get.
fn cases() -> BTreeMap<String, PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ui/types");
    let files =
        folder.read_dir().expect("the folder is there").map(|file| file.expect("it can be read").path());
    files.map(|path| (path.file_stem().unwrap_or_default().to_string_lossy().into_owned(), path)).collect()
}

/// Compiles them all, and gives the errors of each.
fn compile(cases: &BTreeMap<String, PathBuf>) -> BTreeMap<String, Vec<Said>> {
    let project = Path::new(env!("CARGO_TARGET_TMPDIR")).join("ui");
    let ours = Path::new(env!("CARGO_MANIFEST_DIR"));
    std::fs::create_dir_all(&project).expect("the project's folder can be made");
    std::fs::copy(ours.join("../../Cargo.lock"), project.join("Cargo.lock")).expect("the lock can be copied");
    std::fs::write(project.join("Cargo.toml"), manifest(ours, cases)).expect("the manifest can be written");
    let output = Command::new(env!("CARGO"))
        .current_dir(&project)
        .args(["check", "--offline", "--keep-going", "--quiet", "--bins", "--tests", "--message-format=json"])
        .env("CARGO_TARGET_DIR", project.join("target"))
        .output()
        .expect("cargo can be run");
    let mut said: BTreeMap<String, Vec<Said>> = BTreeMap::new();
    let mut compiled = 0_usize;
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let message: Value = serde_json::from_str(line).expect("cargo speaks JSON");
        let name = message["target"]["name"].as_str().unwrap_or_default();
        if message["reason"] == "compiler-artifact" && name == PASS {
            compiled += 1;
        } else if message["reason"] == "compiler-message" && message["message"]["level"] == "error" {
            said.entry(name.to_owned()).or_default().push(Said::read(&message["message"]));
        }
    }
    let is_done = compiled > 0 || said.contains_key(PASS);
    assert!(is_done, "cargo says: {}", String::from_utf8_lossy(&output.stderr));
    said
}

/// A program of its own, in an edition that is not ours.
fn manifest(ours: &Path, cases: &BTreeMap<String, PathBuf>) -> String {
    let pass = ours.join("tests/ui/pass/mod.rs");
    let mut manifest = format!(
        "[package]\nname = \"ui\"\nversion = \"0.0.0\"\nedition = \"2021\"\n\n\
         [workspace]\n\n\
         [dependencies]\nferropyro.path = {ours:?}\n\
         serde = {{ version = \"1\", features = [\"derive\"] }}\nthiserror = \"2\"\n\n\
         [[test]]\nname = {PASS:?}\npath = {pass:?}\n"
    );
    for (name, path) in cases {
        let _ = write!(manifest, "\n[[bin]]\nname = {name:?}\npath = {path:?}\ntest = false\n");
    }
    manifest
}

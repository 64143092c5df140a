//! Prepares the chapters of the guide for `cargo test --doc`: one Markdown file for each, in which every Rust
//! program is whole.

#[path = "src/chapter.rs"]
#[expect(dead_code, unreachable_pub, reason = "it is a module of the library")]
mod chapter;

use std::path::Path;
use std::{env, fs};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let guide = Path::new("../docs/guide");
    println!("cargo::rerun-if-changed={}", guide.display());
    let out = env::var("OUT_DIR")?;
    for entry in fs::read_dir(guide)? {
        let name = entry?.file_name();
        let name = name.to_string_lossy();
        if name.ends_with(".md") {
            let text = fs::read_to_string(guide.join(&*name))?;
            let tests = chapter::as_tests(&name, &text).map_err(|fault| format!("docs/guide/{fault}"))?;
            fs::write(Path::new(&out).join(&*name), tests)?;
        }
    }
    Ok(())
}

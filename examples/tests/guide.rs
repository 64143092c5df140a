//! What holds for the guide as a whole. Its programs run as documentation tests.

use std::collections::BTreeSet;
use std::fs;

use ferropyro_examples::CHAPTERS;
use ferropyro_examples::chapter::{blocks, python_block};
use ferropyro_examples::python::guide;

fn read(file: &str) -> String {
    fs::read_to_string(guide().join(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
}

#[test]
fn every_file_of_the_guide_is_a_chapter_that_the_index_names() {
    let files: BTreeSet<String> = fs::read_dir(guide())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    let chapters: BTreeSet<String> =
        CHAPTERS.iter().copied().chain(["README.md"]).map(str::to_owned).collect();
    assert_eq!(files, chapters);
    let index = read("README.md");
    for chapter in CHAPTERS {
        assert!(index.contains(&format!("]({chapter})")), "the index lacks {chapter}");
    }
}

#[test]
fn every_python_block_says_what_it_prints() {
    for chapter in CHAPTERS {
        let text = read(chapter);
        for block in blocks(&text).iter().filter(|block| block.language() == "python") {
            let said = block.served_class().is_some() || python_block(&text, block.line).is_some();
            assert!(said, "docs/guide/{chapter}:{}: a text block with the output is missing", block.line);
        }
    }
}

#[test]
fn links_between_files_lead_somewhere() {
    for chapter in CHAPTERS.iter().copied().chain(["README.md"]) {
        let text = read(chapter);
        for link in text.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(link, _)| link) {
            if let Some(file) = link.split('#').next().filter(|file| file.ends_with(".md")) {
                assert!(guide().join(file).exists(), "docs/guide/{chapter} links to {file}");
            }
        }
    }
}

#[test]
fn hello_world_has_at_most_25_lines_and_needs_nothing_else() {
    let hello = &blocks(&read("first-object.md"))[0];
    assert!(hello.code.contains("fn main()") && hello.code.lines().count() <= 25, "{}", hello.code);
}

//! The table in `docs/pains.md`: each line has its test, and each test its line.

use std::collections::BTreeSet;
use std::path::Path;

/// Words that are names of these tests: `p4_` or `p5_`, the number, and then a sentence.
fn names(text: &str) -> BTreeSet<String> {
    let words = text.split(|character: char| !character.is_ascii_alphanumeric() && character != '_');
    let is_name = |word: &&str| {
        let rest = word.strip_prefix("p4_").or_else(|| word.strip_prefix("p5_"));
        rest.and_then(|rest| rest.split_once('_')).is_some_and(|(number, sentence)| {
            !sentence.is_empty() && number.bytes().all(|digit| digit.is_ascii_digit())
        })
    };
    words.filter(is_name).map(str::to_owned).collect()
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn every_claim_has_a_test_and_every_test_its_line() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let claimed = names(&read(&here.join("../../docs/pains.md")));
    let mut tested = names(&read(&here.join("../ferropyro-ns/tests/pains.rs")));
    for file in std::fs::read_dir(here.join("tests/pains")).unwrap() {
        tested.append(&mut names(&read(&file.unwrap().path())));
    }
    assert_eq!(claimed, tested);
    assert!(claimed.len() > 50);
}

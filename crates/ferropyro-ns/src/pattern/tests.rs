//! Patterns against what Python's `re.match` does.

use super::*;

fn matches(pattern: &str, name: &str) -> bool {
    Pattern::new(pattern).unwrap_or_else(|error| panic!("{pattern}: {error}")).matches(name)
}

fn refusal(pattern: &str) -> String {
    Pattern::new(pattern).expect_err(pattern).to_string()
}

#[test]
fn a_pattern_matches_at_the_start_and_leaves_the_end_open() {
    assert!(matches(r"test\.t", "test.two"));
    assert!(!matches("two", "test.two"));
    assert!(!matches("x|two", "test.two"), "the anchor holds for every alternative");
    assert!(matches("", "anything"));
    assert!(matches(".*", ""));
}

#[test]
fn python_syntax_that_differs_is_understood() {
    for (pattern, yes, no) in [
        (r"ab\Z", "ab", "abc"),
        ("ab$", "ab", "abc"),
        ("ab$", "ab\n", "ab\nc"),
        ("(?m)ab$", "ab\nc", "abc"),
        ("[[]a", "[a", "a"),
        ("[]a]b", "]b", "b"),
        ("[^]a]b", "cb", "ab"),
        ("[a&&b]c", "&c", "c"),
        ("[a-]c", "-c", "bc"),
        (r"[\]-]c", "-c", "bc"),
        (r"[\b]", "\x08", "b"),
        ("a{", "a{", "a"),
        ("a{x}", "a{x}", "aa"),
        ("a{}", "a{}", "a"),
        ("^a{,2}b", "aab", "aaab"),
        ("a{2}b", "aab", "ab"),
        ("a{2,}b", "aaab", "ab"),
        (r"\<a", "<a", "a"),
        (r"\é", "é", "e"),
        (r"a\-b", "a-b", "ab"),
        (r"\x41\u0042\U00000043", "ABC", "abc"),
        (r"\101\0", "A\0", "A"),
        ("(?P<first>a)b", "ab", "b"),
        ("(?i)ab", "AB", "cb"),
        ("(?i:a)b", "Ab", "AB"),
        ("(?i)(?-i:a)b", "aB", "AB"),
        ("(?s)a.b", "a\nb", "ab"),
        ("(?x) a b # c (", "ab", "a b"),
        ("(?x)[ ]a", " a", "a"),
        ("a(?#comment)b", "ab", "a(b"),
        ("(a|b)*?c", "abc", "ab"),
        (r"\w+\.\d", "ä.5", "a.b"),
        ("()*a", "a", "b"),
    ] {
        assert!(matches(pattern, yes), "{pattern} should match {yes:?}");
        assert!(!matches(pattern, no), "{pattern} should not match {no:?}");
    }
}

#[test]
fn mistakes_are_told_in_the_words_of_pythons_parser() {
    for (pattern, expected) in [
        ("((", "missing ), unterminated subpattern at position 1"),
        ("a)", "unbalanced parenthesis at position 1"),
        ("*a", "nothing to repeat at position 0"),
        ("^*", "nothing to repeat at position 1"),
        ("a|*", "nothing to repeat at position 2"),
        ("[a", "unterminated character set at position 0"),
        ("[]", "unterminated character set at position 0"),
        ("a\\", "bad escape (end of pattern) at position 1"),
        ("[b-a]", "bad character range b-a at position 1"),
        (r"[\d-z]", r"bad character range \d-z at position 1"),
        (r"\y", r"bad escape \y at position 0"),
        (r"\x1", r"incomplete escape \x1 at position 0"),
        ("a{3,2}", "min repeat greater than max repeat at position 2"),
        ("a**", "multiple repeat at position 2"),
        ("(?<n>a)", "unknown extension ?<n at position 1"),
        ("(?z)", "unknown extension ?z at position 1"),
        ("a(?i)b", "global flags not at the start of the expression at position 1"),
        ("(?P<1>a)", "bad character in group name '1' at position 4"),
        ("(?P<n", "missing >, unterminated name at position 4"),
        ("(?", "unexpected end of pattern at position 2"),
        ("(?P", "unexpected end of pattern at position 3"),
    ] {
        assert_eq!(refusal(pattern), expected, "{pattern}");
    }
}

#[test]
fn what_cannot_run_in_linear_time_is_refused_by_name() {
    for (pattern, what) in [
        ("(?=a)", "look-ahead"),
        ("(?!a)", "look-ahead"),
        ("(?<=a)", "look-behind"),
        ("(?<!a)", "look-behind"),
        (r"(a)\1", "back-references"),
        ("(?P<n>a)(?P=n)", "back-references"),
        ("(?>a)", "atomic"),
        ("(a)?(?(1)b)", "conditional"),
        ("a*+", "possessive"),
        ("(?a)a", "flags a and L"),
    ] {
        let text = refusal(pattern);
        assert!(text.contains(what) && text.contains("not supported"), "{pattern}: {text}");
    }
}

#[test]
fn large_patterns_are_refused_before_they_cost_memory() {
    assert!(refusal(&"a".repeat(5000)).contains("longer than 4096"));
    assert!(refusal(r"(\w{100}){100}").contains("bytes compiled"));
    assert!(refusal(&"(".repeat(3000)).contains("unterminated subpattern"));
    let nested = format!("{}{}", "(".repeat(2000), ")".repeat(2000));
    assert!(refusal(&nested).contains("nest"), "{}", refusal(&nested));
    assert!(matches(r"\w{1,32}\.\w{1,32}", "a.b"), "ordinary patterns fit");
}

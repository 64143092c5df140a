//! Arguments on the command line: Python literals, `name=literal`, and plain text.

use std::borrow::Cow;

use ferropyro::{Value, literal};

/// Splits `name=literal`, when what stands before the first `=` is a Python identifier.
pub(crate) fn keyword(arg: &str) -> Option<(&str, &str)> {
    let (name, value) = arg.split_once('=')?;
    let mut chars = name.chars();
    let first = chars.next()?;
    let identifier =
        (first.is_alphabetic() || first == '_') && chars.all(|c| c.is_alphanumeric() || c == '_');
    (identifier && !value.starts_with('=')).then_some((name, value))
}

/// A Python literal, else the text itself.
pub(crate) fn parse(text: &str) -> Value {
    literal::parse(&without_names(text)).unwrap_or_else(|| Value::from(text))
}

/// Writes the escapes by name (`\N{EURO SIGN}`) as numbers. Only people write them, so that the parser, which
/// reads messages too, has no table of names. An unknown name stays, and makes the text no literal.
fn without_names(text: &str) -> Cow<'_, str> {
    if !text.contains("\\N{") {
        return text.into();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    // The quotes that end the string we are in, and whether its escapes have names.
    let mut inside: Option<(&str, bool)> = None;
    while let Some(next) = rest.chars().next() {
        let mut length = next.len_utf8();
        match inside {
            Some((end, _)) if rest.starts_with(end) => {
                inside = None;
                length = end.len();
            }
            Some((_, named)) if next == '\\' => {
                if let Some((length, c)) = named.then(|| name(rest)).flatten() {
                    out.push_str(&format!("\\U{:08x}", u32::from(c)));
                    rest = &rest[length..];
                    continue;
                }
                length += rest[length..].chars().next().map_or(0, char::len_utf8);
            }
            None if matches!(next, '\'' | '"') => {
                let quotes = ["'''", "\"\"\"", "'", "\""].into_iter().find(|quotes| rest.starts_with(quotes));
                let prefix = out.rsplit(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default();
                let named = !prefix.contains(['r', 'R', 'b', 'B']);
                inside = quotes.map(|quotes| (quotes, named));
                length = quotes.map_or(length, str::len);
            }
            _ => {}
        }
        out.push_str(&rest[..length]);
        rest = &rest[length..];
    }
    out.into()
}

/// The length of an escape that begins a text, and what it names.
fn name(text: &str) -> Option<(usize, char)> {
    let (name, _) = text.strip_prefix("\\N{")?.split_once('}')?;
    Some((name.len() + "\\N{}".len(), unicode_names2::character(name)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_keyword_has_an_identifier_before_the_equals_sign() {
        assert_eq!(keyword("b=2"), Some(("b", "2")));
        assert_eq!(keyword("name='a=b'"), Some(("name", "'a=b'")));
        assert_eq!(keyword("'a=b'"), None);
        assert_eq!(keyword("1=2"), None);
        assert_eq!(keyword("a==b"), None);
        assert_eq!(keyword("plain"), None);
    }

    #[test]
    fn what_is_no_literal_is_text() {
        assert_eq!(parse("hello world"), Value::from("hello world"));
        assert_eq!(parse("(1, 'x')"), Value::from((1, "x")));
        assert_eq!(parse("-7"), Value::Int(-7));
        assert_eq!(parse("None"), Value::None);
    }

    #[test]
    fn characters_have_names_where_python_knows_them() {
        for (text, value) in [
            (r"'1 \N{EURO SIGN}'", Value::from("1 €")),
            (
                r#"['\N{bullet}', "\N{GRINNING FACE}"]"#,
                Value::from(vec![Value::from("•"), Value::from("😀")]),
            ),
            (r"'''it's \N{BULLET}'''", Value::from("it's •")),
            (r"'\\N{BULLET}'", Value::from("\\N{BULLET}")),
            (r"r'\N{BULLET}'", Value::from("\\N{BULLET}")),
            (r"b'\N{BULLET}'", Value::from(b"\\N{BULLET}".to_vec())),
            (r"'\'\N{BULLET}'", Value::from("'•")),
            (r"'\N{NO SUCH NAME}'", Value::from(r"'\N{NO SUCH NAME}'")),
            (r"\N{BULLET}", Value::from(r"\N{BULLET}")),
            (r"'\N{BULLET", Value::from(r"'\N{BULLET")),
            (r"'ä\", Value::from(r"'ä\")),
        ] {
            assert_eq!(parse(text), value, "{text}");
        }
    }
}

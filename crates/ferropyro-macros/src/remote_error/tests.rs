//! Tests of `#[derive(RemoteError)]`.

use super::expand;
use crate::checks::{assert_expected, assert_refused, tokens};

#[test]
fn an_enum_has_a_class_for_each_variant() {
    let text = r#"
        #[exception("ValueError")]
        enum GreetError {
            Empty,
            TooLong { max: u32, r#type: String },
            #[exception("shop.OutOfStock")]
            Other(String, u8),
        }
    "#;
    assert_expected(&expand(tokens(text)).unwrap_or_default(), "remote_error_enum.rs");
}

#[test]
fn a_struct_has_one_variant_without_a_name() {
    let text = "struct Lost { x: i64 }";
    assert_expected(&expand(tokens(text)).unwrap_or_default(), "remote_error_struct.rs");
}

#[test]
fn all_shapes_of_structs_can_be_errors() {
    for text in ["struct E;", "struct E(u8);", "struct E {}", "struct E();"] {
        assert!(expand(tokens(text)).is_ok(), "{text}");
    }
}

#[test]
fn what_is_no_error_is_refused() {
    assert_refused(
        expand,
        &[
            ("union E { a: u8 }", "use an enum or a struct", "union"),
            ("enum E {}", "no way to fail", "E"),
            ("struct E<T>(T);", "no generics", "<T>"),
            ("struct E<'a>(&'a str);", "no generics", "<'a>"),
            ("#[exception] struct E;", "write it as `#[exception(\"ValueError\")]`", "#[exception]"),
            ("#[exception(ValueError)] struct E;", "write it as", "#[exception(ValueError)]"),
            ("#[exception = \"ValueError\"] struct E;", "write it as", "#[exception = \"ValueError\"]"),
            (
                "#[exception(\"ValueErr\")] struct E;",
                "called `ValueErr` (is it `ValueError`?)",
                "\"ValueErr\"",
            ),
            ("#[exception(\"OutOfStock\")] struct E;", "called `OutOfStock`; a class", "\"OutOfStock\""),
            ("#[exception(\"shop.\")] struct E;", "no name of a class", "\"shop.\""),
            (
                "#[exception(\"UnicodeDecodeError\")] struct E;",
                "use `UnicodeError`",
                "\"UnicodeDecodeError\"",
            ),
            (
                "enum E { #[exception(\"OSError\")] #[exception(\"OSError\")] A }",
                "twice",
                "#[exception(\"OSError\")]",
            ),
            (
                "enum E { A { #[exception(\"OSError\")] x: u8 } }",
                "no class of its own",
                "#[exception(\"OSError\")]",
            ),
        ],
    );
}

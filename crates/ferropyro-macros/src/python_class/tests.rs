//! Tests of `#[python_class]`.

use super::expand;
use crate::checks::{assert_expected, assert_refused, faults, tokens};
use crate::faults::{Refusal, output};
use proc_macro2::TokenStream;

fn part(item: TokenStream) -> Result<TokenStream, Refusal> {
    expand(tokens("\"inventory.Part\""), item)
}

fn alone(item: TokenStream) -> Result<TokenStream, Refusal> {
    expand(TokenStream::new(), item)
}

#[test]
fn a_struct_has_its_class_as_a_tag() {
    let text = "#[derive(Debug)] #[serde(rename_all = \"camelCase\")] pub struct Part { pub name: String, #[serde(default)] count: u32 }";
    assert_expected(&part(tokens(text)).unwrap_or_default(), "python_class_struct.rs");
}

#[test]
fn an_item_with_faults_stays_without_attributes_of_serdes() {
    let cases = [
        (
            "#[serde(default)] pub struct P { #[serde(default)] #[doc = \"x\"] x: u8 }",
            "pub struct P { # [doc = \"x\"] x : u8 }",
        ),
        ("enum E { #[class(\"a.B\")] B { #[serde(default)] x: u8 }, C }", "enum E { B { x : u8 } , C }"),
        ("fn f() {}", "fn f () { }"),
    ];
    for (text, wanted) in cases {
        let output = output(alone(tokens(text))).to_string();
        assert!(output.starts_with(":: core :: compile_error ! {"), "{output}");
        assert!(output.ends_with(wanted), "{output}");
    }
}

#[test]
fn an_enum_has_a_class_for_each_variant() {
    let text = r#"
        enum Shape {
            /// Round.
            #[class("shapes.Circle")]
            Circle { radius: f64 },
            #[class("shapes.Nothing")]
            Nothing,
            #[class("shapes.Square")]
            Square(Square),
        }
    "#;
    assert_expected(&alone(tokens(text)).unwrap_or_default(), "python_class_enum.rs");
}

#[test]
fn structs_that_are_no_objects_are_refused() {
    let derives = "python_class derives Serialize and Deserialize itself";
    assert_refused(
        part,
        &[
            ("struct P(u8);", "give the fields names", "(u8)"),
            ("struct P;", "`struct Name {}`", "P"),
            ("struct P<T> { x: T }", "one type", "<T>"),
            ("union P { x: u8 }", "use a struct", "union"),
            ("#[derive(Debug, Serialize)] struct P { x: u8 }", derives, "Serialize"),
            ("#[derive(serde::Deserialize)] struct P { x: u8 }", derives, "serde::Deserialize"),
            ("#[serde(tag = \"t\")] struct P { x: u8 }", "says this itself", "tag"),
            ("#[serde(rename(serialize = \"t\"))] struct P { x: u8 }", "says this itself", "rename"),
            ("#[serde(transparent)] struct P { x: u8 }", "do without", "transparent"),
            ("#[serde(deny_unknown_fields)] struct P { x: u8 }", "would refuse", "deny_unknown_fields"),
            ("enum S { #[class(\"a.B\")] A }", "each variant is a class", "\"inventory.Part\""),
        ],
    );
}

#[test]
fn enums_that_are_no_classes_are_refused() {
    assert_refused(
        alone,
        &[
            ("enum S {}", "no class in it", "S"),
            ("enum S { A }", "say which class it is", "A"),
            ("enum S { #[class] A }", "write it as `#[class(\"shapes.Circle\")]`", "#[class]"),
            ("enum S { #[class(\"A\")] A }", "a class needs its module", "\"A\""),
            ("enum S { #[class(\"a.A\")] A(u8, u8) }", "put them into one struct", "(u8, u8)"),
            ("enum S { #[class(\"a.A\")] A() }", "put them into one struct", "()"),
            ("enum S { #[class(\"a.A\")] #[serde(rename = \"a\")] A }", "says this itself", "rename"),
        ],
    );
}

#[test]
fn a_name_is_a_class_in_a_module() {
    let cases = [
        ("", "say which class", ""),
        ("Part", "say which class", "Part"),
        ("\"Part\"", "needs its module, as Pyro writes it: `inventory.Part`", "\"Part\""),
        ("\"a..Part\"", "no name of a class", "\"a..Part\""),
        ("\"\"", "no name of a class", "\"\""),
    ];
    for (options, message, place) in cases {
        let faults = faults(expand(tokens(options), tokens("struct P { x: u8 }")));
        assert!(matches!(faults.as_slice(), [(said, _)] if said.contains(message)), "{options}: {faults:?}");
        assert_eq!(faults.first().map(|(_, at)| at.as_str()), Some(place), "{options}: {faults:?}");
    }
}

//! Tests of `#[remote]`: what is refused, and where.

use super::expand;
use crate::checks::{assert_refused, faults, tokens};
use crate::faults::{Refusal, output};
use proc_macro2::TokenStream;

fn plain(item: TokenStream) -> Result<TokenStream, Refusal> {
    expand(TokenStream::new(), item)
}

#[test]
fn options_name_the_proxy_and_the_crate() {
    let item = tokens("trait Observer { fn seen(&self); }");
    let output = expand(tokens(r#"proxy = "Watcher", crate = "crate::remote""#), item);
    let output = output.map(|tokens| tokens.to_string()).unwrap_or_default();
    assert!(output.contains("struct Watcher (crate :: remote :: glue :: AnyProxy)"), "{output}");
    assert!(!output.contains("ferropyro"), "{output}");
}

#[test]
fn an_item_with_faults_stays_without_attributes_of_ours() {
    let cases = [
        (
            "trait T { #[oneway] async fn a(&mut self, #[default(1)] x: u8); }",
            "fn a (& mut self , x : u8) -> impl :: core :: future :: Future",
        ),
        ("impl R { #[skip] pub fn a() {} #[attr] pub fn b(&mut self) {} }", "pub fn b (& mut self) { }"),
        ("impl A for B { fn a(&self) {} }", "impl A for B { fn a (& self) { } }"),
        ("struct S;", "struct S ;"),
    ];
    for (text, wanted) in cases {
        let output = output(plain(tokens(text))).to_string();
        assert!(output.starts_with(":: core :: compile_error ! {"), "{output}");
        assert!(output.contains(wanted), "{output}");
        assert!(
            ["oneway", "default", "skip", "attr"].iter().all(|word| !output.contains(&format!("# [{word}"))),
            "{output}"
        );
    }
}

#[test]
fn several_faults_are_reported_together() {
    let text = "trait T { async fn a(&mut self); async fn b(&self, x: &str, y: &[u8]); #[oneway] fn c(&self) -> u8; }";
    let places: Vec<String> = faults(plain(tokens(text))).into_iter().map(|(_, place)| place).collect();
    assert_eq!(places, ["&mut self", "&str", "&[u8]", "-> u8"]);
}

#[test]
fn what_a_newcomer_may_get_wrong_about_an_item_is_refused_where_it_stands() {
    assert_refused(
        plain,
        &[
            ("struct Robot;", "goes on a trait, or on an inherent `impl`", "Robot"),
            ("fn hello() {}", "goes on a trait, or on an inherent `impl`", "hello"),
            ("use std::fmt;", "goes on a trait, or on an inherent `impl`", "use"),
            ("impl Greeter for Robot { fn a(&self) {} }", "on the trait itself", "Greeter"),
            ("impl [u8] { pub fn a(&self) {} }", "only a type with a name", "[u8]"),
            ("impl<T> Robot<T> { pub fn a(&self) {} }", "no generics", "<T>"),
            ("impl Robot where u8: Copy { pub fn a(&self) {} }", "take out the `where`", "where u8: Copy"),
            ("impl Robot { fn a(&self) {} pub fn new() {} }", "`pub` methods that take `&self`", "Robot"),
            ("impl Robot { many!(); pub fn a(&self) {} }", "cannot see into a macro", "many"),
            (
                "impl Robot { #[oneway] fn b(&self) {} pub fn a(&self) {} }",
                "do not see this method",
                "#[oneway]",
            ),
            ("impl Robot { #[skip] #[attr] pub fn b(&self) {} pub fn a(&self) {} }", "left out", "#[attr]"),
            ("trait T {}", "nothing in it can be called", "T"),
            ("trait T<U> { fn a(&self); }", "no generics", "<U>"),
            ("trait T<'a> { fn a(&self); }", "no generics", "<'a>"),
            ("trait T where Self: Sized { fn a(&self); }", "no `where` clause", "where Self: Sized"),
            ("unsafe trait T { fn a(&self); }", "take out `unsafe`", "unsafe"),
            ("trait T { fn a(&self); const N: u8; }", "only methods can be remote", "N"),
            ("trait T { fn a(&self); type N; }", "only methods can be remote", "N"),
            ("trait T { fn a(&self); more!(); }", "cannot see into a macro", "more"),
            ("#[cfg(unix)] trait T { fn a(&self); }", "above `#[remote]`", "#[cfg(unix)]"),
        ],
    );
}

#[test]
fn methods_that_cannot_be_remote_are_refused_where_it_shows() {
    assert_refused(
        plain,
        &[
            ("trait T { fn a(&mut self); }", "several callers may be inside at once", "&mut self"),
            ("trait T { fn a(self); }", "take `&self`", "self"),
            ("trait T { fn a(self: Arc<Self>); }", "take `&self`", "self: Arc<Self>"),
            ("trait T { fn a(); }", "add `&self`", "a"),
            ("impl R { pub fn a(&mut self) {} }", "or leave the method out with `#[skip]`", "&mut self"),
            ("trait T { unsafe fn a(&self); }", "take out `unsafe`", "unsafe"),
            ("trait T { const fn a(&self); }", "take out `const`", "const"),
            ("trait T { extern \"C\" fn a(&self); }", "take out `extern`", "extern \"C\""),
            ("trait T { fn a<U>(&self); }", "no generics", "<U>"),
            ("trait T { fn a(&self) where Self: Sized; }", "take out the `where`", "where Self: Sized"),
            ("trait T { #[cfg(unix)] fn a(&self); }", "on the whole trait", "#[cfg(unix)]"),
            (
                "trait T { #[cfg_attr(unix, doc = \"\")] fn a(&self); }",
                "whole trait",
                "#[cfg_attr(unix, doc = \"\")]",
            ),
            ("trait T { #[skip] fn a(&self); }", "remote as a whole", "#[skip]"),
            ("trait T { fn local(&self); }", "#[name(\"local\")] async fn local_it", "local"),
            ("trait T { fn clone(&self); }", "every proxy has a method `clone`", "clone"),
            ("trait T { fn serve(&self); }", "every proxy has a method `serve`", "serve"),
            ("trait T { fn into(&self); }", "#[name(\"into\")] async fn into_it", "into"),
            ("trait T { fn try_into(&self); }", "every proxy has a method `try_into`", "try_into"),
            ("trait T { #[name(\"x\")] fn serve(&self); }", "every proxy has a method `serve`", "serve"),
        ],
    );
}

#[test]
fn parameters_and_results_that_cannot_travel_are_refused() {
    assert_refused(
        plain,
        &[
            ("trait T { fn a(&self, x: &str); }", "use `String`", "&str"),
            ("trait T { fn a(&self, x: &[u8]); }", "use `Vec<u8>`", "&[u8]"),
            ("trait T { fn a(&self, x: &mut [Vec<a::B>]); }", "use `Vec<Vec<a::B>>`", "&mut [Vec<a::B>]"),
            ("trait T { fn a(&self, x: &XProxy); }", "use `XProxy` by value", "&XProxy"),
            ("trait T { fn a(&self, x: Option<&'static str>); }", "owns its arguments", "&'static str"),
            ("trait T { fn a(&self, x: Cow<'_, str>); }", "borrows nothing", "'_"),
            ("trait T { fn a(&self, x: impl Display); }", "or use `Stream<T>`", "impl Display"),
            ("trait T { fn a(&self, x: Box<dyn Observer>); }", "use its proxy", "dyn Observer"),
            ("trait T { fn a(&self, x: Self); }", "another type for the proxy", "Self"),
            ("trait T { fn a(&self) -> &str; }", "a result is owned by the caller", "&str"),
            (
                "trait T { fn a(&self) -> impl Iterator<Item = u8>; }",
                "`Stream<T>`",
                "impl Iterator<Item = u8>",
            ),
            ("trait T { fn a(&self) -> Vec<Self::X>; }", "another type for the proxy", "Self"),
            ("trait T { fn a(&self) -> io::Result<u8>; }", "write both: `Result<T, E>`", "io::Result<u8>"),
            ("trait T { fn a(&self) -> fmt::Result; }", "write both: `Result<T, E>`", "fmt::Result"),
            ("trait T { fn a(&self) -> Stream; }", "name the type of the items", "Stream"),
            ("trait T { fn a(&self, (x, y): (u8, u8)); }", "callers pass it by name", "(x, y)"),
            ("trait T { fn a(&self, _: u8); }", "callers pass it by name", "_"),
            ("trait T { fn a(&self, ref x: u8); }", "callers pass it by name", "ref x"),
            ("trait T { fn a(&self, #[cfg(unix)] x: u8); }", "agree on the parameters", "#[cfg(unix)]"),
            ("trait T { fn a(&self, #[default] x: u8, y: u8); }", "follows `x`", "y"),
            (
                "trait T { fn a(&self, #[default = 3] x: u8); }",
                "write it as `#[default(3)]`",
                "#[default = 3]",
            ),
            ("trait T { fn a(&self, #[default] #[default] x: u8); }", "twice", "#[default]"),
            ("trait T { fn a(&self, #[default(f(Self::N))] x: u8); }", "nothing of the object", "Self"),
            (
                "trait T { fn a(&self, a:u8,b:u8,c:u8,d:u8,e:u8,f:u8,g:u8,h:u8,i:u8,j:u8,k:u8,l:u8,m:u8,n:u8); }",
                "at most 12 parameters",
                "m",
            ),
        ],
    );
}

#[test]
fn attributes_that_do_not_suit_a_method_are_refused() {
    assert_refused(
        plain,
        &[
            ("trait T { #[oneway] fn a(&self) -> u8; }", "nobody waits", "-> u8"),
            ("trait T { #[oneway] fn a(&self) -> Stream<u8>; }", "nobody waits", "-> Stream<u8>"),
            ("trait T { #[oneway] fn a(&self) -> Result<(), E>; }", "nobody waits", "-> Result<(), E>"),
            ("trait T { #[oneway] #[attr] fn a(&self) -> u8; }", "read or set, not called", "#[oneway]"),
            ("trait T { #[oneway] #[oneway] fn a(&self); }", "stands here twice", "#[oneway]"),
            ("trait T { #[oneway(now)] fn a(&self); }", "has no options", "#[oneway(now)]"),
            ("trait T { #[attr] fn a(&self, x: u8) -> u8; }", "takes no parameters", "x"),
            ("trait T { #[attr] fn a(&self); }", "say with `-> T` what it is", "a"),
            ("trait T { #[attr(get)] fn a(&self) -> u8; }", "there are `#[attr]`", "#[attr(get)]"),
            ("trait T { #[attr = 1] fn a(&self) -> u8; }", "there are `#[attr]`", "#[attr = 1]"),
            ("trait T { #[attr(set)] fn set_a(&self); }", "takes one parameter", "set_a"),
            ("trait T { #[attr(set)] fn set_a(&self, x: u8, y: u8); }", "takes one parameter", "set_a"),
            ("trait T { #[attr(set)] fn set_a(&self, #[default] x: u8); }", "no `#[default]`", "set_a"),
            ("trait T { #[attr(set)] fn set_a(&self, x: u8) -> u8; }", "use `Result<(), E>`", "-> u8"),
            ("trait T { #[attr(set)] fn motto(&self, x: u8); }", "call it `set_motto`, or give", "motto"),
            ("trait T { #[name] fn a(&self); }", "write it as `#[name(\"wireName\")]`", "#[name]"),
            ("trait T { #[name(b)] fn a(&self); }", "write it as `#[name(\"wireName\")]`", "#[name(b)]"),
            ("trait T { #[name(\"b\", 1)] fn a(&self); }", "write it as", "#[name(\"b\", 1)]"),
        ],
    );
}

#[test]
fn names_that_callers_could_not_use_are_refused() {
    assert_refused(
        plain,
        &[
            ("trait T { #[name(\"\")] fn a(&self); }", "a letter at least", "\"\""),
            ("trait T { #[name(\"a.b\")] fn a(&self); }", "never resolves dotted names", "\"a.b\""),
            ("trait T { #[name(\"_a\")] fn a(&self); }", "private in Pyro, nobody can call it", "\"_a\""),
            ("trait T { #[name(\"__init__\")] fn a(&self); }", "private in Pyro", "\"__init__\""),
            ("trait T { fn _a(&self); }", "private in Pyro", "_a"),
            ("trait T { #[name(\"a b\")] fn a(&self); }", "no name in Python", "\"a b\""),
            ("trait T { #[name(\"1a\")] fn a(&self); }", "no name in Python", "\"1a\""),
            ("trait T { fn a(&self); #[name(\"a\")] fn b(&self); }", "know two members as `a`", "\"a\""),
            ("trait T { #[attr] fn a(&self) -> u8; #[name(\"a\")] fn b(&self); }", "two members", "\"a\""),
            (
                "trait T { #[attr] fn a(&self) -> u8; #[attr] #[name(\"a\")] fn b(&self) -> u8; }",
                "two members",
                "\"a\"",
            ),
        ],
    );
}

#[test]
fn unknown_options_are_refused() {
    let item = || tokens("trait T { fn a(&self); }");
    let cases = [
        ("name = \"x\"", "unknown option", "name"),
        ("proxy = \"1\"", "the name of a type", "\"1\""),
        ("proxy = Name", "write it as `proxy = \"Name\"`", "Name"),
        ("crate = \"a b\"", "a path stands here", "\"a b\""),
        ("proxy = \"A\", proxy = \"B\"", "stands here twice", "proxy = \"B\""),
    ];
    for (options, message, place) in cases {
        let faults = faults(expand(tokens(options), item()));
        assert!(matches!(faults.as_slice(), [(said, _)] if said.contains(message)), "{options}: {faults:?}");
        assert_eq!(faults.first().map(|(_, at)| at.as_str()), Some(place), "{options}: {faults:?}");
    }
}

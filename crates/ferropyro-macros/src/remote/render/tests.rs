//! Tests of the output: each part of it is in a file of `tests/expected`.

use syn::Item;

use super::{dispatch, interface, item, methods, proxy, serving};
use crate::checks::assert_expected;
use crate::faults::Faults;
use crate::remote::model::Remote;
use crate::remote::options::Options;
use crate::remote::{of_impl, of_trait};

const GREETER: &str = r#"
    /// Greets people.
    pub trait Greeter {
        /// Says hello.
        async fn hello(&self, name: String) -> Result<String, GreetError>;
        fn crunch(&self, n: u64, #[default(3)] times: u32, #[default] fast: bool) -> u64;
        async fn countdown(&self, from: u32) -> Stream<u32>;
        async fn risky(&self, #[default(n)] from: u32) -> Result<Stream<u32>, GreetError>;
        async fn watch(&self, observer: ObserverProxy) -> u64;
        #[oneway]
        #[must_use]
        async fn log(&self, line: std::string::String);
        /// What it lives by.
        #[attr]
        async fn motto(&self) -> String;
        #[name("welcomeMessage")]
        #[deprecated]
        async fn welcome_message(&self, name: String) -> String;
        #[attr(set)]
        async fn set_motto(&self, motto: String) -> Result<(), GreetError>;
        async fn r#type(&self, r#in: u8) -> i64 {
            i64::from(r#in)
        }
    }
"#;

const ROBOT: &str = r#"
    /// Walks.
    impl Robot {
        const STEP: u32 = 1;
        pub fn new() -> Self { Self {} }
        pub async fn forward(&self, mut steps: u32, #[default(Robot::STEP)] by: u32) -> bool { true }
        #[skip]
        pub fn grow(&mut self) {}
        pub(crate) fn seen_here(&self) {}
        fn helper(&self) {}
    }
"#;

fn read(text: &str) -> Remote {
    let mut faults = Faults::default();
    let remote = match syn::parse_str(text) {
        Ok(Item::Trait(item)) => of_trait::read(Options::default(), item, &mut faults),
        Ok(Item::Impl(item)) => {
            let name = of_impl::type_name(&item).expect("the type has a name");
            of_impl::read(Options::default(), item, name, &mut faults)
        }
        _ => panic!("neither a trait nor an impl"),
    };
    faults.finish().unwrap_or_else(|fault| panic!("{fault}"));
    remote
}

#[test]
fn a_trait_becomes_one_whose_futures_can_go_to_other_threads() {
    assert_expected(&item::render(&read(GREETER)), "remote_trait.rs");
}

#[test]
fn an_impl_stays_as_it_is() {
    assert_expected(&item::render(&read(ROBOT)), "remote_impl.rs");
}

#[test]
fn the_proxy_is_made_from_and_into_other_things() {
    assert_expected(&proxy::render(&read(GREETER)), "remote_proxy.rs");
}

#[test]
fn the_proxy_has_a_method_for_each_remote_one() {
    assert_expected(&methods::render(&read(GREETER)), "remote_methods.rs");
}

#[test]
fn the_interface_has_attributes_apart() {
    assert_expected(&interface::render(&read(GREETER)), "remote_interface.rs");
}

#[test]
fn dispatch_calls_by_number() {
    assert_expected(&dispatch::render(&read(GREETER)), "remote_dispatch.rs");
}

#[test]
fn dispatch_of_an_impl_calls_its_methods() {
    assert_expected(&dispatch::render(&read(ROBOT)), "remote_dispatch_impl.rs");
}

#[test]
fn objects_are_served_as_they_are_or_made_when_needed() {
    assert_expected(&serving::render(&read(GREETER)), "remote_serving.rs");
}

//! Traits that ask more of their objects.

use std::fmt::Debug;

use ferropyro::remote;

/// What every object here can say locally.
pub trait Named {
    fn name(&self) -> String;
}

#[remote]
pub trait Shouter: Named + Debug + Send {
    async fn shout(&self) -> String {
        self.name().to_uppercase()
    }

    fn debug(&self) -> String {
        format!("{self:?}")
    }
}

#[derive(Debug)]
struct Dog;

impl Named for Dog {
    fn name(&self) -> String {
        "dog".to_owned()
    }
}

impl Shouter for Dog {}

#[test]
fn methods_with_a_body_may_use_the_supertraits() -> ferropyro::Result<()> {
    let shouter = ShouterProxy::local(Dog);
    assert_eq!(shouter.shout().wait()?, "DOG");
    assert_eq!(shouter.debug().wait()?, "Dog");
    Ok(())
}

//! Names that are words of Rust, names of Python's, and names for the proxy.

use ferropyro::{Value, remote};

#[remote(proxy = "Remote", crate = "ferropyro")]
pub trait r#Try {
    async fn r#type(&self, r#in: u8, #[default(r#in)] r#match: u8) -> u8;

    #[name("__len__")]
    async fn len(&self) -> usize;

    #[name("größe")]
    fn size(&self) -> u64;

    #[name("clone")]
    async fn clone_it(&self) -> bool;

    #[attr]
    fn r#loop(&self) -> u8;

    #[attr(set)]
    fn set_loop(&self, r#loop: u8);

    #[allow(non_snake_case)]
    async fn camelCase(&self, someThing: bool) -> bool;
}

struct Object;

impl r#Try for Object {
    async fn r#type(&self, r#in: u8, r#match: u8) -> u8 {
        r#in + r#match
    }

    async fn len(&self) -> usize {
        3
    }

    fn size(&self) -> u64 {
        4
    }

    async fn clone_it(&self) -> bool {
        true
    }

    fn r#loop(&self) -> u8 {
        5
    }

    fn set_loop(&self, _: u8) {}

    async fn camelCase(&self, something: bool) -> bool {
        something
    }
}

#[test]
fn callers_know_names_without_the_marks_of_rust() -> ferropyro::Result<()> {
    let object = Remote::local(Object);
    assert_eq!(object.r#type(1).wait()?, 2);
    assert_eq!(object.r#type(1).arg("match", 5).wait()?, 6);
    assert_eq!(object.call("type", (1, 2)).wait()?, Value::from(3));
    assert_eq!(object.call("__len__", ()).wait()?, Value::from(3));
    assert_eq!(object.call("größe", ()).wait()?, Value::from(4));
    assert_eq!(object.get("loop").wait()?, Value::from(5));
    object.set_loop(1).wait()?;
    assert!(object.clone_it().wait()?);
    assert!(object.camelCase(true).wait()?);
    Ok(())
}

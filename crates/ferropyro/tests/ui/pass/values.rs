//! Values of any kind, bytes, and what else Python knows.

use std::collections::{BTreeSet, HashMap};

use ferropyro::{Bytes, Value, remote};

#[remote]
pub trait Echo {
    async fn value(&self, value: Value) -> Value;
    async fn bytes(&self, bytes: Bytes) -> Bytes;
    async fn maybe(&self, value: Option<Value>, #[default(Value::None)] other: Value) -> Vec<Value>;
    async fn dict(&self, dict: HashMap<String, Value>) -> HashMap<String, Value>;
    fn set(&self, set: BTreeSet<i64>) -> BTreeSet<i64>;
    fn array(&self, array: [u8; 3]) -> (u8, char, [u8; 2]);
    async fn nothing(&self, nothing: ()) -> ();
    async fn texts(&self, text: std::string::String, r#box: Box<str>)
    -> Result<String, ferropyro::Exception>;
}

struct Same;

impl Echo for Same {
    async fn value(&self, value: Value) -> Value {
        value
    }

    async fn bytes(&self, bytes: Bytes) -> Bytes {
        bytes
    }

    async fn maybe(&self, value: Option<Value>, other: Value) -> Vec<Value> {
        value.into_iter().chain([other]).collect()
    }

    async fn dict(&self, dict: HashMap<String, Value>) -> HashMap<String, Value> {
        dict
    }

    fn set(&self, set: BTreeSet<i64>) -> BTreeSet<i64> {
        set
    }

    fn array(&self, [a, b, c]: [u8; 3]) -> (u8, char, [u8; 2]) {
        (a, 'x', [b, c])
    }

    async fn nothing(&self, (): ()) {}

    async fn texts(&self, text: String, r#box: Box<str>) -> Result<String, ferropyro::Exception> {
        Ok(text + &r#box)
    }
}

#[test]
fn values_pass_as_they_are() -> ferropyro::Result<()> {
    let echo = EchoProxy::local(Same);
    assert_eq!(echo.value(Value::from(1)).wait()?, Value::from(1));
    assert_eq!(echo.bytes(Bytes::from("x")).wait()?, Bytes::from("x"));
    assert_eq!(echo.maybe(Some(Value::None)).wait()?, [Value::None, Value::None]);
    assert!(echo.dict(HashMap::new()).wait()?.is_empty());
    assert_eq!(echo.set(BTreeSet::from([1])).wait()?, BTreeSet::from([1]));
    assert_eq!(echo.array([1, 2, 3]).wait()?, (1, 'x', [2, 3]));
    echo.nothing(()).wait()?;
    assert_eq!(echo.texts("a", "b".into()).wait()?, "ab");
    Ok(())
}

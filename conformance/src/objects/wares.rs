//! [`Wares`]: data of many types, each given back.

use std::collections::{BTreeMap, BTreeSet};

use ferropyro::{
    AsSet, AsTuple, Bytes, Complex, DateTime, Decimal, Integer, Uri, Uuid, Value, python_class, remote,
};
use serde::{Deserialize, Serialize};

/// A struct: a dict with these members.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Ware {
    pub(crate) name: String,
    pub(crate) stock: u32,
    pub(crate) size: (f64, f64),
    pub(crate) parts: Vec<Part>,
    pub(crate) note: Option<String>,
}

/// An instance of a class.
#[python_class("conformance.Part")]
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Part {
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) count: u32,
}

/// An instance of one class or another.
#[python_class]
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Shape {
    #[class("conformance.Circle")]
    Circle { radius: f64 },
    #[class("conformance.Square")]
    Square(Square),
}

/// What is in one of the shapes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Square {
    pub(crate) side: f64,
}

/// A text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Grade {
    Good,
    Better,
}

/// A tuple.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Size(pub(crate) f64, pub(crate) f64);

/// Each method gives back what it is given.
#[remote]
pub(crate) trait Wares {
    async fn any(&self, value: Value) -> Value;
    async fn ware(&self, value: Ware) -> Ware;
    async fn wares(&self, value: Vec<Ware>) -> Vec<Ware>;
    async fn by_name(&self, value: BTreeMap<String, Ware>) -> BTreeMap<String, Ware>;
    async fn maybe(&self, value: Option<Ware>) -> Option<Ware>;
    async fn pair(&self, value: (i64, String)) -> (i64, String);
    async fn size(&self, value: Size) -> Size;
    async fn series(&self, value: AsTuple<Vec<i64>>) -> AsTuple<Vec<i64>>;
    async fn labels(&self, value: AsSet<BTreeSet<String>>) -> AsSet<BTreeSet<String>>;
    async fn content(&self, value: Vec<u8>) -> Vec<u8>;
    async fn shared(&self, value: Bytes) -> Bytes;
    async fn huge(&self, value: i128) -> i128;
    async fn big(&self, value: Integer) -> Integer;
    async fn moment(&self, value: DateTime) -> DateTime;
    async fn price(&self, value: Decimal) -> Decimal;
    async fn identity(&self, value: Uuid) -> Uuid;
    async fn phase(&self, value: Complex) -> Complex;
    async fn part(&self, value: Part) -> Part;
    async fn shapes(&self, value: Vec<Shape>) -> Vec<Shape>;
    async fn grade(&self, value: Grade) -> Grade;
    async fn address(&self, value: Uri) -> Uri;
    async fn letter(&self, value: char) -> char;
    fn rows(&self, value: Vec<Vec<Option<i64>>>) -> Vec<Vec<Option<i64>>>;
    async fn some_part(&self) -> Part;
    async fn some_shapes(&self) -> Vec<Shape>;
}

/// Gives everything back.
#[derive(Debug)]
pub(super) struct Shelf;

macro_rules! give_back {
    ($($name:ident: $type:ty),* $(,)?) => {$(
        async fn $name(&self, value: $type) -> $type {
            value
        }
    )*};
}

impl Wares for Shelf {
    give_back! {
        any: Value,
        ware: Ware,
        wares: Vec<Ware>,
        by_name: BTreeMap<String, Ware>,
        maybe: Option<Ware>,
        pair: (i64, String),
        size: Size,
        series: AsTuple<Vec<i64>>,
        labels: AsSet<BTreeSet<String>>,
        content: Vec<u8>,
        shared: Bytes,
        huge: i128,
        big: Integer,
        moment: DateTime,
        price: Decimal,
        identity: Uuid,
        phase: Complex,
        part: Part,
        shapes: Vec<Shape>,
        grade: Grade,
        address: Uri,
        letter: char,
    }

    fn rows(&self, value: Vec<Vec<Option<i64>>>) -> Vec<Vec<Option<i64>>> {
        value
    }

    async fn some_part(&self) -> Part {
        Part { name: "bolt".to_owned(), count: 3 }
    }

    async fn some_shapes(&self) -> Vec<Shape> {
        vec![Shape::Circle { radius: 1.5 }, Shape::Square(Square { side: 2.0 })]
    }
}

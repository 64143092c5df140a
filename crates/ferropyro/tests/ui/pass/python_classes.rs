//! Structs and enums that travel as objects of Python's classes.

use std::collections::HashMap;

use ferropyro::{python_class, remote};

#[python_class("inventory.Part")]
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    pub name: String,
    #[serde(default)]
    pub count: u32,
    pub inside: Vec<Part>,
}

#[python_class("inventory.Nothing")]
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Nothing {}

/// A struct that is a class by what the enum says of it.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Square {
    pub side: f64,
}

#[python_class]
#[derive(Debug, Clone, PartialEq)]
#[serde(rename_all_fields = "camelCase")]
pub enum Shape {
    #[class("shapes.Circle")]
    Circle { radius: f64, line_width: u8 },
    #[class("shapes.Square")]
    Square(Square),
    #[class("shapes.Point")]
    Point,
}

#[remote]
pub(crate) trait Inventory {
    async fn part(&self, part: Part) -> Part;
    async fn parts(&self, parts: HashMap<String, Part>) -> Vec<Part>;
    async fn shape(&self, shape: Shape, #[default(Shape::Point)] other: Shape) -> Shape;
    fn nothing(&self, nothing: Nothing) -> Nothing;
}

struct Shelf;

impl Inventory for Shelf {
    async fn part(&self, part: Part) -> Part {
        part
    }

    async fn parts(&self, parts: HashMap<String, Part>) -> Vec<Part> {
        parts.into_values().collect()
    }

    async fn shape(&self, shape: Shape, _: Shape) -> Shape {
        shape
    }

    fn nothing(&self, nothing: Nothing) -> Nothing {
        nothing
    }
}

#[test]
fn classes_are_arguments_and_results() -> ferropyro::Result<()> {
    let shelf = InventoryProxy::local(Shelf);
    let part = Part { name: "bolt".to_owned(), count: 2, inside: vec![] };
    assert_eq!(shelf.part(part.clone()).wait()?, part);
    assert_eq!(shelf.parts(HashMap::from([("a".to_owned(), part.clone())])).wait()?, [part]);
    for shape in
        [Shape::Circle { radius: 1.0, line_width: 2 }, Shape::Square(Square { side: 2.0 }), Shape::Point]
    {
        assert_eq!(shelf.shape(shape.clone()).wait()?, shape);
    }
    assert_eq!(shelf.nothing(Nothing {}).wait()?, Nothing {});
    Ok(())
}

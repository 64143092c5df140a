//! Types that cannot travel as an object of a class.

use ferropyro::python_class;

#[python_class]
pub struct Unnamed {
    count: u32,
}

#[python_class("Part")]
pub struct NoModule {
    count: u32,
}

#[python_class("inventory.Pair")]
pub struct Pair(u32, u32);

#[python_class("inventory.Marker")]
pub struct Marker;

#[python_class("inventory.Bag")]
pub struct Bag<T> {
    content: T,
}

#[python_class("inventory.Twice")]
#[derive(Debug, serde::Serialize)]
pub struct Twice {
    count: u32,
}

#[python_class("inventory.Renamed")]
#[serde(rename = "other.Renamed", deny_unknown_fields)]
pub struct Renamed {
    count: u32,
}

#[python_class]
pub enum Shape {
    #[class("shapes.Circle")]
    Circle { radius: f64 },
    Square { side: f64 },
    #[class("Triangle")]
    Triangle,
    #[class("shapes.Line")]
    Line(f64, f64),
}

#[python_class("shapes.Shape")]
pub enum Named {
    #[class("shapes.Circle")]
    Circle { radius: f64 },
}

#[python_class("shapes.area")]
pub fn area() {}

fn main() {}

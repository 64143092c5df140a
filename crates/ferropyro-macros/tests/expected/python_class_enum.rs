#[derive(::ferropyro::glue::serde::Serialize, ::ferropyro::glue::serde::Deserialize)]
#[serde(crate = "::ferropyro::glue::serde")]
#[serde(tag = "__class__")]
enum Shape {
    /// Round.
    #[serde(rename = "shapes.Circle")]
    Circle { radius: f64 },
    #[serde(rename = "shapes.Nothing")]
    Nothing,
    #[serde(rename = "shapes.Square")]
    Square(Square),
}

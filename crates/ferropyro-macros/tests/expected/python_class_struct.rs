#[derive(::ferropyro::glue::serde::Serialize, ::ferropyro::glue::serde::Deserialize)]
#[serde(crate = "::ferropyro::glue::serde")]
#[serde(tag = "__class__", rename = "inventory.Part")]
#[derive(Debug)]
#[serde(rename_all = "camelCase")]
pub struct Part {
    pub name: String,
    #[serde(default)]
    count: u32,
}

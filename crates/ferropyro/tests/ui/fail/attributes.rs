//! Attributes that are neither read nor set as one would.

use ferropyro::remote;

#[remote]
pub trait Attributes {
    #[attr]
    async fn motto(&self, language: String) -> String;
    #[attr]
    async fn nothing(&self);
    #[attr(get)]
    async fn level(&self) -> u8;
    #[attr(set)]
    async fn volume(&self, volume: u8);
    #[attr(set)]
    async fn set_colour(&self);
    #[attr(set)]
    async fn set_size(&self, size: u8) -> u8;
    #[attr(set)]
    async fn set_shape(&self, #[default] shape: u8);
}

fn main() {}

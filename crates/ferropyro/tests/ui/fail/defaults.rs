//! Parameters that callers may leave out.

use ferropyro::remote;

#[remote]
pub trait Defaults {
    async fn order(&self, #[default(1)] times: u32, name: String) -> u32;
    async fn equals(&self, #[default = 3] times: u32);
    async fn object(&self, #[default(self.times())] times: u32);
    async fn twice(&self, #[default(1)] #[default(2)] times: u32);
    async fn broken(&self, #[default(1 +)] times: u32);
}

fn main() {}

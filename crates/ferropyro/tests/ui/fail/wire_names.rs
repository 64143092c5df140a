//! Names that callers could not use, or could not tell apart.

use ferropyro::remote;

#[remote]
pub trait Names {
    async fn _secret(&self);
    #[name("__init__")]
    async fn init(&self);
    #[name("shop.sell")]
    async fn sell(&self);
    #[name("")]
    async fn empty(&self);
    #[name("two words")]
    async fn words(&self);
    async fn open(&self);
    #[name("open")]
    async fn open_again(&self);
    #[attr]
    #[name("open")]
    async fn is_open(&self) -> bool;
    #[name(close)]
    async fn close(&self);
}

fn main() {}

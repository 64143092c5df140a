//! Options of `#[remote]`.

use ferropyro::remote;

#[remote(name = "Remote")]
pub trait Unknown {
    async fn a(&self);
}

#[remote(proxy = Remote)]
pub trait Unquoted {
    async fn a(&self);
}

#[remote(proxy = "my proxy")]
pub trait Spaced {
    async fn a(&self);
}

#[remote(crate = "::ferropyro", crate = "ferropyro")]
pub trait Twice {
    async fn a(&self);
}

fn main() {}

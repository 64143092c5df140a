//! Words before `fn` that mean nothing to a caller elsewhere.

use ferropyro::remote;

#[remote]
pub trait Qualified {
    unsafe fn poke(&self, address: u64);
    extern "C" fn call(&self);
}

#[remote]
pub unsafe trait Promise {
    fn keep(&self);
}

fn main() {}

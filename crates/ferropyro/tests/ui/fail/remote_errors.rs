//! Types that are no error for a remote method.

use ferropyro::RemoteError;

#[derive(RemoteError)]
pub enum Never {}

#[derive(RemoteError)]
pub struct Wrapped<T>(T);

#[derive(RemoteError)]
pub union Bits {
    a: u32,
    b: f32,
}

fn main() {}

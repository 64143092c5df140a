//! The protocol against what genuine Pyros say (`tests/vectors`), and both ends of a session against each other.

mod conversations;
mod frames;
mod malformed;
mod random;
mod sessions;
mod vectors;

//! Settings.

/// Settings.
#[derive(Debug)]
pub struct Config;

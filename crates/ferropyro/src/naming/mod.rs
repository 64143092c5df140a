//! Finding objects by name.

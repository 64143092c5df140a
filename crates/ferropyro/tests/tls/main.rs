//! TLS: calls over it, certificates of both ends, and whatever may be wrong with them.

mod authority;
mod calls;
mod identities;
mod limits;
mod log;
mod refusals;
mod self_signed;
mod settings;

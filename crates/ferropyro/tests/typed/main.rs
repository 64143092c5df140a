//! Typed objects and proxies, over a connection and within this process: the same tests for both wherever the
//! same must come out.

mod batches;
mod calls;
mod errors;
mod instances;
mod metadata;
mod references;
mod shop;
mod streams;
mod wrong_arguments;

//! Python-shaped values and the codecs that carry them between processes.
//!
//! This crate knows nothing of frames, sockets, clocks or objects: it turns data into bytes and bytes
//! into data. Three kinds of data can walk through a codec: [`Value`] (anything Python can send), any
//! serde type, and, in the Python package, Python objects. They share one trait pair,
//! [`codec::Encoder`] and [`codec::Decoder`], and none of them goes through another.
//!
//! ```
//! use ferropyro_value::{Codec, Value, flavor};
//!
//! let bytes = Codec::Serpent.encode(&(1, "two"), &flavor::PYRO5)?;
//! assert_eq!(bytes, b"# serpent utf-8 python3.2\n(1,'two')");
//! let value = Codec::Serpent.decode_value(&bytes, &Default::default())?;
//! assert_eq!(value, Value::Tuple(vec![Value::Int(1), Value::from("two")]));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#![cfg_attr(
    not(test),
    deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)
)]

pub mod call;
pub mod codec;
mod collections;
mod error;
pub mod flavor;
mod key;
mod limits;
pub mod literal;
mod object;
mod scalar;
pub mod serde_bridge;
mod table;
mod uri;
mod value;
mod walk;

pub use bytes::Bytes;
pub use codec::Codec;
pub use collections::{Dict, Entries, Members, Set};
pub use error::{DecodeError, DecodeErrorKind, DecodeFault, EncodeError};
pub use flavor::Flavor;
pub use limits::Limits;
pub use num_bigint::BigInt;
pub use object::{Exception, Instance, ProxyState};
pub use scalar::{Complex, DateTime, Decimal, SurrogateStr};
pub use serde_bridge::{AsSet, AsTuple, Integer, from_value, to_value};
pub use uri::{DEFAULT_NS_PORT, Location, Uri, UriError, UriKind};
pub use uuid::Uuid;
pub use value::Value;

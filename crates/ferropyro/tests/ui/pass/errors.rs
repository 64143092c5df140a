//! Errors of the program's own: enums and structs, what they carry, and the classes that Python sees.

use std::fmt;

use ferropyro::{CallError, RemoteError, remote};

#[derive(Debug, PartialEq, thiserror::Error, RemoteError)]
#[exception("ValueError")]
pub enum ShopError {
    #[error("no name")]
    NoName,
    #[error("{0} of {1} is more than there are")]
    #[exception("shop.OutOfStock")]
    OutOfStock(u32, String),
    #[error("{type} costs {price}")]
    #[exception("PermissionError")]
    TooDear { r#type: String, price: f64 },
}

#[derive(Debug, PartialEq, RemoteError)]
pub struct Closed {
    until: Option<String>,
    exception: u8,
    message: Vec<String>,
}

impl fmt::Display for Closed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "closed until {:?}", self.until)
    }
}

#[derive(Debug, PartialEq, thiserror::Error, RemoteError)]
#[error("lost")]
pub struct Lost;

#[derive(Debug, PartialEq, thiserror::Error, RemoteError)]
#[error("wrapped {0}")]
pub struct Wrapped(i64);

/// An error that nobody outside sees.
mod private {
    #[derive(Debug, PartialEq, thiserror::Error, ferropyro::RemoteError)]
    #[error("inside")]
    pub(super) struct Inside {
        pub(super) fields: u8,
    }
}

#[remote]
trait Shop {
    async fn buy(&self, what: String, count: u32) -> Result<f64, ShopError>;
    async fn open(&self) -> Result<(), Closed>;
    fn find(&self) -> Result<(), Lost>;
    fn wrap(&self) -> std::result::Result<(), Wrapped>;
    fn inside(&self) -> core::result::Result<u8, private::Inside>;
}

struct Corner;

impl Shop for Corner {
    async fn buy(&self, what: String, count: u32) -> Result<f64, ShopError> {
        match (what.as_str(), count) {
            ("", _) => Err(ShopError::NoName),
            ("gold", _) => Err(ShopError::TooDear { r#type: what, price: 1e6 }),
            (_, 0..=9) => Ok(1.5),
            _ => Err(ShopError::OutOfStock(count, what)),
        }
    }

    async fn open(&self) -> Result<(), Closed> {
        Err(Closed { until: Some("eight".to_owned()), exception: 1, message: vec![] })
    }

    fn find(&self) -> Result<(), Lost> {
        Err(Lost)
    }

    fn wrap(&self) -> Result<(), Wrapped> {
        Err(Wrapped(1))
    }

    fn inside(&self) -> Result<u8, private::Inside> {
        Err(private::Inside { fields: 2 })
    }
}

#[test]
fn callers_get_the_error_itself() -> ferropyro::Result<()> {
    fn own<T, E>(result: Result<T, CallError<E>>) -> Option<E> {
        match result {
            Err(CallError::Remote(error)) => Some(error),
            _ => None,
        }
    }
    let shop = ShopProxy::local(Corner);
    assert_eq!(own(shop.buy("", 1).wait()), Some(ShopError::NoName));
    assert_eq!(own(shop.buy("tea", 10).wait()), Some(ShopError::OutOfStock(10, "tea".to_owned())));
    assert_eq!(
        own(shop.buy("gold", 10).wait()),
        Some(ShopError::TooDear { r#type: "gold".to_owned(), price: 1e6 })
    );
    assert!(own(shop.open().wait()).is_some());
    assert_eq!(own(shop.find().wait()), Some(Lost));
    assert_eq!(own(shop.wrap().wait()), Some(Wrapped(1)));
    assert_eq!(own(shop.inside().wait()), Some(private::Inside { fields: 2 }));
    let exception = ShopError::TooDear { r#type: "gold".to_owned(), price: 2.5 }.into_exception();
    assert_eq!(exception.to_string(), "PermissionError: gold costs 2.5");
    Ok(())
}

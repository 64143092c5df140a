//! Classes of exceptions that Python does not have.

use ferropyro::RemoteError;

#[derive(Debug, RemoteError)]
pub enum GreetError {
    #[exception("ValueErr")]
    Empty,
    #[exception("OutOfStock")]
    OutOfStock,
    #[exception("shop.")]
    Closed,
    #[exception("UnicodeDecodeError")]
    Garbled,
    #[exception(ValueError)]
    Unquoted,
    #[exception("OSError")]
    #[exception("KeyError")]
    Both,
    Field {
        #[exception("OSError")]
        code: i32,
    },
}

fn main() {}

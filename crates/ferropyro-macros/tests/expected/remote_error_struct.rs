#[automatically_derived]
impl ::core::convert::From<Lost> for ::ferropyro::glue::Exception {
    fn from(error: Lost) -> Self {
        ::ferropyro::glue::RemoteError::into_exception(error)
    }
}
#[automatically_derived]
#[allow(deprecated, clippy::all, clippy::pedantic, clippy::nursery, clippy::restriction)]
impl ::ferropyro::glue::RemoteError for Lost {
    fn into_exception(self) -> ::ferropyro::glue::Exception {
        let message = ::std::string::ToString::to_string(&self);
        match self {
            Self { x } => {
                ::ferropyro::glue::Raise::new("Lost", "", "RuntimeError", message)
                    .field("x", &x)
                    .finish()
            }
        }
    }
    fn from_exception(
        exception: &::ferropyro::glue::Exception,
    ) -> ::core::option::Option<Self> {
        let fields = ::ferropyro::glue::Raised::read(exception, "Lost")?;
        match fields.variant() {
            "" => ::core::option::Option::Some(Self { x: fields.get("x")? }),
            _ => ::core::option::Option::None,
        }
    }
}

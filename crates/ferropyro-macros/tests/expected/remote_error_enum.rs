#[automatically_derived]
impl ::core::convert::From<GreetError> for ::ferropyro::glue::Exception {
    fn from(error: GreetError) -> Self {
        ::ferropyro::glue::RemoteError::into_exception(error)
    }
}
#[automatically_derived]
#[allow(deprecated, clippy::all, clippy::pedantic, clippy::nursery, clippy::restriction)]
impl ::ferropyro::glue::RemoteError for GreetError {
    fn into_exception(self) -> ::ferropyro::glue::Exception {
        let message = ::std::string::ToString::to_string(&self);
        match self {
            Self::Empty => {
                ::ferropyro::glue::Raise::new(
                        "GreetError",
                        "Empty",
                        "ValueError",
                        message,
                    )
                    .finish()
            }
            Self::TooLong { max, r#type } => {
                ::ferropyro::glue::Raise::new(
                        "GreetError",
                        "TooLong",
                        "ValueError",
                        message,
                    )
                    .field("max", &max)
                    .field("type", &r#type)
                    .finish()
            }
            Self::Other(f0, f1) => {
                ::ferropyro::glue::Raise::new(
                        "GreetError",
                        "Other",
                        "shop.OutOfStock",
                        message,
                    )
                    .field("0", &f0)
                    .field("1", &f1)
                    .finish()
            }
        }
    }
    fn from_exception(
        exception: &::ferropyro::glue::Exception,
    ) -> ::core::option::Option<Self> {
        let fields = ::ferropyro::glue::Raised::read(exception, "GreetError")?;
        match fields.variant() {
            "Empty" => ::core::option::Option::Some(Self::Empty),
            "TooLong" => {
                ::core::option::Option::Some(Self::TooLong {
                    max: fields.get("max")?,
                    r#type: fields.get("type")?,
                })
            }
            "Other" => {
                ::core::option::Option::Some(
                    Self::Other(fields.get("0")?, fields.get("1")?),
                )
            }
            _ => ::core::option::Option::None,
        }
    }
}

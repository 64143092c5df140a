/// A proxy for a [`Greeter`], in another process or in this one.
///
/// Greets people.
#[derive(
    ::core::clone::Clone,
    ::core::cmp::PartialEq,
    ::core::cmp::Eq,
    ::core::hash::Hash,
)]
#[allow(
    dead_code,
    deprecated,
    non_snake_case,
    private_bounds,
    private_interfaces,
    unreachable_pub,
    clippy::all,
    clippy::pedantic,
    clippy::nursery,
    clippy::restriction
)]
pub struct GreeterProxy(::ferropyro::glue::AnyProxy);
#[automatically_derived]
impl ::core::ops::Deref for GreeterProxy {
    type Target = ::ferropyro::glue::AnyProxy;
    fn deref(&self) -> &Self::Target {
        &self.0
    }
}
#[automatically_derived]
impl ::core::convert::From<::ferropyro::glue::AnyProxy> for GreeterProxy {
    fn from(proxy: ::ferropyro::glue::AnyProxy) -> Self {
        Self(proxy)
    }
}
#[automatically_derived]
impl ::core::convert::From<GreeterProxy> for ::ferropyro::glue::AnyProxy {
    fn from(proxy: GreeterProxy) -> Self {
        proxy.0
    }
}
#[automatically_derived]
impl ::core::convert::From<&GreeterProxy> for GreeterProxy {
    fn from(proxy: &GreeterProxy) -> Self {
        ::core::clone::Clone::clone(proxy)
    }
}
#[automatically_derived]
impl ::core::convert::From<GreeterProxy> for ::ferropyro::glue::Value {
    fn from(proxy: GreeterProxy) -> Self {
        <::ferropyro::glue::Value as ::core::convert::From<
            &::ferropyro::glue::AnyProxy,
        >>::from(&proxy.0)
    }
}
#[automatically_derived]
impl ::core::convert::From<&GreeterProxy> for ::ferropyro::glue::Value {
    fn from(proxy: &GreeterProxy) -> Self {
        <::ferropyro::glue::Value as ::core::convert::From<
            &::ferropyro::glue::AnyProxy,
        >>::from(&proxy.0)
    }
}
#[automatically_derived]
impl ::ferropyro::glue::Serialize for GreeterProxy {
    fn serialize<S: ::ferropyro::glue::Serializer>(
        &self,
        codec: S,
    ) -> ::core::result::Result<S::Ok, S::Error> {
        ::ferropyro::glue::Serialize::serialize(&self.0, codec)
    }
}
#[automatically_derived]
impl<'de> ::ferropyro::glue::Deserialize<'de> for GreeterProxy {
    fn deserialize<D: ::ferropyro::glue::Deserializer<'de>>(
        codec: D,
    ) -> ::core::result::Result<Self, D::Error> {
        <::ferropyro::glue::AnyProxy as ::ferropyro::glue::Deserialize<
            'de,
        >>::deserialize(codec)
            .map(Self)
    }
}
#[automatically_derived]
impl ::core::fmt::Debug for GreeterProxy {
    fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        formatter
            .debug_tuple("GreeterProxy")
            .field(&::core::format_args!("{}", self.0.uri()))
            .finish()
    }
}

#[automatically_derived]
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
impl<__T: Greeter> ::ferropyro::glue::ServedBy<__T> for GreeterProxy {
    type Object = __T;
    fn instances(object: __T) -> ::ferropyro::glue::Instances<__T> {
        ::ferropyro::glue::Instances::shared(object)
    }
}
#[automatically_derived]
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
impl<__T: Greeter> ::ferropyro::glue::ServedBy<::std::sync::Arc<__T>> for GreeterProxy {
    type Object = __T;
    fn instances(object: ::std::sync::Arc<__T>) -> ::ferropyro::glue::Instances<__T> {
        ::ferropyro::glue::Instances::shared_arc(object)
    }
}
#[automatically_derived]
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
impl<__T: Greeter> ::ferropyro::glue::ServedBy<::ferropyro::glue::Instances<__T>>
for GreeterProxy {
    type Object = __T;
    fn instances(
        object: ::ferropyro::glue::Instances<__T>,
    ) -> ::ferropyro::glue::Instances<__T> {
        object
    }
}

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
impl ::ferropyro::glue::Proxy for GreeterProxy {
    fn interface() -> &'static ::ferropyro::glue::Interface {
        static INTERFACE: ::std::sync::LazyLock<::ferropyro::glue::Interface> = ::std::sync::LazyLock::new(||
        {
            ::ferropyro::glue::Interface::new("Greeter")
                .doc_of_type("Greets people.")
                .method(
                    "hello",
                    ::ferropyro::glue::MethodInfo::new()
                        .doc("Says hello.")
                        .parameters::<&str>(["name"]),
                )
                .method(
                    "crunch",
                    ::ferropyro::glue::MethodInfo::new()
                        .parameters::<&str>(["n", "times", "fast"])
                        .optional(2usize),
                )
                .method(
                    "countdown",
                    ::ferropyro::glue::MethodInfo::new().parameters::<&str>(["from"]),
                )
                .method(
                    "risky",
                    ::ferropyro::glue::MethodInfo::new()
                        .parameters::<&str>(["from"])
                        .optional(1usize),
                )
                .method(
                    "watch",
                    ::ferropyro::glue::MethodInfo::new().parameters::<&str>(["observer"]),
                )
                .method(
                    "log",
                    ::ferropyro::glue::MethodInfo::new()
                        .oneway()
                        .parameters::<&str>(["line"]),
                )
                .method(
                    "welcomeMessage",
                    ::ferropyro::glue::MethodInfo::new().parameters::<&str>(["name"]),
                )
                .method(
                    "type",
                    ::ferropyro::glue::MethodInfo::new().parameters::<&str>(["in"]),
                )
                .attribute(
                    "motto",
                    ::ferropyro::glue::AttributeInfo::new()
                        .doc("What it lives by.")
                        .readable()
                        .writable(),
                )
        });
        &INTERFACE
    }
}

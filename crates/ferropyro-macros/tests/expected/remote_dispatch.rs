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
impl<__T: Greeter> ::ferropyro::glue::Glue<__T> for GreeterProxy {
    fn dispatch(
        __object: ::std::sync::Arc<__T>,
        __request: ::ferropyro::glue::Request,
        __slot: &mut ::ferropyro::glue::Slot,
    ) {
        match (__request.kind(), __request.index()) {
            (::ferropyro::glue::RequestKind::Method, 0usize) => {
                ::ferropyro::glue::run::<
                    ::ferropyro::glue::Fallible<String, GreetError>,
                    (String,),
                    (),
                    _,
                    _,
                >(
                    __request,
                    __slot,
                    const {
                        &::ferropyro::glue::Signature::new("hello", &["name"], &[])
                    },
                    move |(name,), ()| async move {
                        <__T as Greeter>::hello(&*__object, name).await
                    },
                )
            }
            (::ferropyro::glue::RequestKind::Method, 1usize) => {
                ::ferropyro::glue::block::<
                    ::ferropyro::glue::Plain<u64>,
                    (u64,),
                    (u32, bool),
                    _,
                >(
                    __request,
                    __slot,
                    const {
                        &::ferropyro::glue::Signature::new(
                            "crunch",
                            &["n"],
                            &["times", "fast"],
                        )
                    },
                    move |(n,), (times, fast)| {
                        let times = times.unwrap_or_else(|| 3);
                        let fast = fast
                            .unwrap_or_else(|| ::core::default::Default::default());
                        <__T as Greeter>::crunch(&*__object, n, times, fast)
                    },
                )
            }
            (::ferropyro::glue::RequestKind::Method, 2usize) => {
                ::ferropyro::glue::run::<
                    ::ferropyro::glue::Items<u32>,
                    (u32,),
                    (),
                    _,
                    _,
                >(
                    __request,
                    __slot,
                    const {
                        &::ferropyro::glue::Signature::new("countdown", &["from"], &[])
                    },
                    move |(from,), ()| async move {
                        <__T as Greeter>::countdown(&*__object, from).await
                    },
                )
            }
            (::ferropyro::glue::RequestKind::Method, 3usize) => {
                ::ferropyro::glue::run::<
                    ::ferropyro::glue::FallibleItems<u32, GreetError>,
                    (),
                    (u32,),
                    _,
                    _,
                >(
                    __request,
                    __slot,
                    const {
                        &::ferropyro::glue::Signature::new("risky", &[], &["from"])
                    },
                    move |(), (from,)| async move {
                        let from = from.unwrap_or_else(|| n);
                        <__T as Greeter>::risky(&*__object, from).await
                    },
                )
            }
            (::ferropyro::glue::RequestKind::Method, 4usize) => {
                ::ferropyro::glue::run::<
                    ::ferropyro::glue::Plain<u64>,
                    (ObserverProxy,),
                    (),
                    _,
                    _,
                >(
                    __request,
                    __slot,
                    const {
                        &::ferropyro::glue::Signature::new("watch", &["observer"], &[])
                    },
                    move |(observer,), ()| async move {
                        <__T as Greeter>::watch(&*__object, observer).await
                    },
                )
            }
            (::ferropyro::glue::RequestKind::Method, 5usize) => {
                ::ferropyro::glue::run::<
                    ::ferropyro::glue::Plain<()>,
                    (std::string::String,),
                    (),
                    _,
                    _,
                >(
                    __request,
                    __slot,
                    const { &::ferropyro::glue::Signature::new("log", &["line"], &[]) },
                    move |(line,), ()| async move {
                        <__T as Greeter>::log(&*__object, line).await
                    },
                )
            }
            (::ferropyro::glue::RequestKind::GetAttribute, 0usize) => {
                ::ferropyro::glue::run::<
                    ::ferropyro::glue::Plain<String>,
                    (),
                    (),
                    _,
                    _,
                >(
                    __request,
                    __slot,
                    const { &::ferropyro::glue::Signature::new("motto", &[], &[]) },
                    move |(), ()| async move {
                        <__T as Greeter>::motto(&*__object).await
                    },
                )
            }
            (::ferropyro::glue::RequestKind::Method, 6usize) => {
                ::ferropyro::glue::run::<
                    ::ferropyro::glue::Plain<String>,
                    (String,),
                    (),
                    _,
                    _,
                >(
                    __request,
                    __slot,
                    const {
                        &::ferropyro::glue::Signature::new(
                            "welcomeMessage",
                            &["name"],
                            &[],
                        )
                    },
                    move |(name,), ()| async move {
                        <__T as Greeter>::welcome_message(&*__object, name).await
                    },
                )
            }
            (::ferropyro::glue::RequestKind::SetAttribute, 0usize) => {
                ::ferropyro::glue::run::<
                    ::ferropyro::glue::Fallible<(), GreetError>,
                    (String,),
                    (),
                    _,
                    _,
                >(
                    __request,
                    __slot,
                    const {
                        &::ferropyro::glue::Signature::new("motto", &["motto"], &[])
                    },
                    move |(motto,), ()| async move {
                        <__T as Greeter>::set_motto(&*__object, motto).await
                    },
                )
            }
            (::ferropyro::glue::RequestKind::Method, 7usize) => {
                ::ferropyro::glue::run::<
                    ::ferropyro::glue::Plain<i64>,
                    (u8,),
                    (),
                    _,
                    _,
                >(
                    __request,
                    __slot,
                    const { &::ferropyro::glue::Signature::new("type", &["in"], &[]) },
                    move |(r#in,), ()| async move {
                        <__T as Greeter>::r#type(&*__object, r#in).await
                    },
                )
            }
            _ => ::ferropyro::glue::unknown(__request, __slot),
        }
    }
}

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
impl ::ferropyro::glue::Glue<Robot> for RobotProxy {
    fn dispatch(
        __object: ::std::sync::Arc<Robot>,
        __request: ::ferropyro::glue::Request,
        __slot: &mut ::ferropyro::glue::Slot,
    ) {
        match (__request.kind(), __request.index()) {
            (::ferropyro::glue::RequestKind::Method, 0usize) => {
                ::ferropyro::glue::run::<
                    ::ferropyro::glue::Plain<bool>,
                    (u32,),
                    (u32,),
                    _,
                    _,
                >(
                    __request,
                    __slot,
                    const {
                        &::ferropyro::glue::Signature::new(
                            "forward",
                            &["steps"],
                            &["by"],
                        )
                    },
                    move |(steps,), (by,)| async move {
                        let by = by.unwrap_or_else(|| Robot::STEP);
                        <Robot>::forward(&*__object, steps, by).await
                    },
                )
            }
            _ => ::ferropyro::glue::unknown(__request, __slot),
        }
    }
}

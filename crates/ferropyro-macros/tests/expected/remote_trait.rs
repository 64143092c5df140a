/// Greets people.
pub trait Greeter: ::core::marker::Send + ::core::marker::Sync + 'static {
    /// Says hello.
    fn hello(
        &self,
        name: String,
    ) -> impl ::core::future::Future<
        Output = Result<String, GreetError>,
    > + ::core::marker::Send;
    fn crunch(&self, n: u64, times: u32, fast: bool) -> u64;
    fn countdown(
        &self,
        from: u32,
    ) -> impl ::core::future::Future<Output = Stream<u32>> + ::core::marker::Send;
    fn risky(
        &self,
        from: u32,
    ) -> impl ::core::future::Future<
        Output = Result<Stream<u32>, GreetError>,
    > + ::core::marker::Send;
    fn watch(
        &self,
        observer: ObserverProxy,
    ) -> impl ::core::future::Future<Output = u64> + ::core::marker::Send;
    #[must_use]
    fn log(
        &self,
        line: std::string::String,
    ) -> impl ::core::future::Future<Output = ()> + ::core::marker::Send;
    /// What it lives by.
    fn motto(
        &self,
    ) -> impl ::core::future::Future<Output = String> + ::core::marker::Send;
    #[deprecated]
    fn welcome_message(
        &self,
        name: String,
    ) -> impl ::core::future::Future<Output = String> + ::core::marker::Send;
    fn set_motto(
        &self,
        motto: String,
    ) -> impl ::core::future::Future<
        Output = Result<(), GreetError>,
    > + ::core::marker::Send;
    #[allow(clippy::manual_async_fn)]
    fn r#type(
        &self,
        r#in: u8,
    ) -> impl ::core::future::Future<Output = i64> + ::core::marker::Send {
        async move { i64::from(r#in) }
    }
}

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
impl GreeterProxy {
    /// A proxy for an object of this program, which nobody else can reach. Arguments and results pass as they are, without a codec. The object is a `Greeter`, or `Instances` that make one.
    #[must_use]
    pub fn local<O>(object: O) -> Self
    where
        Self: ::ferropyro::glue::ServedBy<O>,
    {
        ::ferropyro::glue::local(object)
    }
    /// Serves an object under an id, and gives a proxy for it. The object is a `Greeter`, or `Instances` that make one.
    ///
    /// # Errors
    ///
    /// The id is taken.
    pub fn serve<O>(
        daemon: &::ferropyro::glue::Daemon,
        id: &str,
        object: O,
    ) -> ::ferropyro::glue::Result<Self>
    where
        Self: ::ferropyro::glue::ServedBy<O>,
    {
        daemon.serve(id, object)
    }
    /// A proxy for the same object with a session of its own.
    #[must_use]
    pub fn fork(&self) -> Self {
        Self(self.0.fork())
    }
    /// The same proxy with a time limit for its calls.
    #[must_use]
    pub fn with_timeout(&self, timeout: ::core::time::Duration) -> Self {
        Self(self.0.with_timeout(timeout))
    }
    /// The same proxy with a serializer for its calls.
    #[must_use]
    pub fn with_codec(&self, codec: ::ferropyro::glue::Codec) -> Self {
        Self(self.0.with_codec(codec))
    }
    /// Says hello.
    pub fn hello(
        &self,
        name: impl ::core::convert::Into<String>,
    ) -> ::ferropyro::glue::Call<String, GreetError, (String,)> {
        ::ferropyro::glue::method::<
            ::ferropyro::glue::Fallible<String, GreetError>,
            (String,),
        >(&self.0, "hello", (::core::convert::Into::<String>::into(name),))
    }
    /// Calls `crunch` of the object.
    ///
    /// Optional, given with `.arg(name, value)`: `times: u32 = 3`, `fast: bool`.
    pub fn crunch(
        &self,
        n: u64,
    ) -> ::ferropyro::glue::Call<u64, ::ferropyro::glue::Infallible, (u64,)> {
        ::ferropyro::glue::method::<
            ::ferropyro::glue::Plain<u64>,
            (u64,),
        >(&self.0, "crunch", (n,))
    }
    /// Calls `countdown` of the object.
    pub fn countdown(
        &self,
        from: u32,
    ) -> ::ferropyro::glue::Call<Stream<u32>, ::ferropyro::glue::Infallible, (u32,)> {
        ::ferropyro::glue::method::<
            ::ferropyro::glue::Items<u32>,
            (u32,),
        >(&self.0, "countdown", (from,))
    }
    /// Calls `risky` of the object.
    ///
    /// Optional, given with `.arg(name, value)`: `from: u32 = n`.
    pub fn risky(&self) -> ::ferropyro::glue::Call<Stream<u32>, GreetError, ()> {
        ::ferropyro::glue::method::<
            ::ferropyro::glue::FallibleItems<u32, GreetError>,
            (),
        >(&self.0, "risky", ())
    }
    /// Calls `watch` of the object.
    pub fn watch(
        &self,
        observer: impl ::core::convert::Into<ObserverProxy>,
    ) -> ::ferropyro::glue::Call<u64, ::ferropyro::glue::Infallible, (ObserverProxy,)> {
        ::ferropyro::glue::method::<
            ::ferropyro::glue::Plain<u64>,
            (ObserverProxy,),
        >(&self.0, "watch", (::core::convert::Into::<ObserverProxy>::into(observer),))
    }
    /// Calls `log` of the object, and does not wait for it.
    pub fn log(
        &self,
        line: impl ::core::convert::Into<std::string::String>,
    ) -> ::ferropyro::glue::Call<
        (),
        ::ferropyro::glue::Infallible,
        (std::string::String,),
    > {
        ::ferropyro::glue::oneway(
            &self.0,
            "log",
            (::core::convert::Into::<std::string::String>::into(line),),
        )
    }
    /// What it lives by.
    pub fn motto(
        &self,
    ) -> ::ferropyro::glue::Call<String, ::ferropyro::glue::Infallible, ()> {
        ::ferropyro::glue::get::<::ferropyro::glue::Plain<String>>(&self.0, "motto")
    }
    /// Calls `welcomeMessage` of the object.
    #[deprecated]
    pub fn welcome_message(
        &self,
        name: impl ::core::convert::Into<String>,
    ) -> ::ferropyro::glue::Call<String, ::ferropyro::glue::Infallible, (String,)> {
        ::ferropyro::glue::method::<
            ::ferropyro::glue::Plain<String>,
            (String,),
        >(&self.0, "welcomeMessage", (::core::convert::Into::<String>::into(name),))
    }
    /// Sets the attribute `motto` of the object.
    pub fn set_motto(
        &self,
        motto: impl ::core::convert::Into<String>,
    ) -> ::ferropyro::glue::Call<(), GreetError, (String,)> {
        ::ferropyro::glue::set::<
            ::ferropyro::glue::Fallible<(), GreetError>,
            (String,),
        >(&self.0, "motto", (::core::convert::Into::<String>::into(motto),))
    }
    /// Calls `type` of the object.
    pub fn r#type(
        &self,
        r#in: u8,
    ) -> ::ferropyro::glue::Call<i64, ::ferropyro::glue::Infallible, (u8,)> {
        ::ferropyro::glue::method::<
            ::ferropyro::glue::Plain<i64>,
            (u8,),
        >(&self.0, "type", (r#in,))
    }
}

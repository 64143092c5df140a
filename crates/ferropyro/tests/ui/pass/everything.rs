//! A trait with all that a trait can have.

use std::sync::Mutex;

use ferropyro::{Exception, Stream, remote};

/// Greets people.
///
/// # Example
///
/// Say hello first.
#[remote]
pub trait Greeter {
    /// Says hello.
    async fn hello(&self, name: String) -> Result<String, Exception>;

    fn crunch(&self, n: u64, #[default(3)] times: u32) -> u64;

    async fn countdown(&self, from: u32) -> Stream<u32>;

    async fn watch(&self, observer: ObserverProxy) -> u64;

    #[oneway]
    async fn log(&self, line: String);

    #[attr]
    async fn motto(&self) -> String;

    #[attr(set)]
    async fn set_motto(&self, motto: String);

    #[name("welcomeMessage")]
    async fn welcome_message(&self, name: String) -> String;

    /// A method with a body of its own, which calls another.
    async fn hello_twice(&self, name: String) -> Result<String, Exception> {
        let once = self.hello(name.clone()).await?;
        Ok(once + &self.hello(name).await?)
    }

    /// The same for one that may block.
    fn crunch_a_lot(&self, n: u64) -> u64 {
        self.crunch(n, 100)
    }

    #[deprecated = "nobody needs it"]
    async fn old(&self) {}

    #[must_use = "it is the answer"]
    async fn answer(&self) -> u8 {
        42
    }
}

/// Is told of those who are greeted.
#[remote]
pub trait Observer {
    async fn greeted(&self, name: String);
}

#[derive(Default)]
struct Polite {
    motto: Mutex<String>,
}

impl Greeter for Polite {
    async fn hello(&self, name: String) -> Result<String, Exception> {
        if name.is_empty() {
            return Err(Exception::new("ValueError", "empty name"));
        }
        Ok(format!("Hello, {name}!"))
    }

    fn crunch(&self, n: u64, times: u32) -> u64 {
        n * u64::from(times)
    }

    async fn countdown(&self, from: u32) -> Stream<u32> {
        Stream::from_items((1..=from).rev())
    }

    async fn watch(&self, observer: ObserverProxy) -> u64 {
        u64::from(observer.greeted("you").await.is_ok())
    }

    async fn log(&self, line: String) {
        self.set_motto(line).await;
    }

    async fn motto(&self) -> String {
        self.motto.lock().unwrap().clone()
    }

    async fn set_motto(&self, motto: String) {
        *self.motto.lock().unwrap() = motto;
    }

    async fn welcome_message(&self, name: String) -> String {
        format!("Welcome, {name}!")
    }
}

struct Silent;

impl Observer for Silent {
    async fn greeted(&self, _: String) {}
}

#[test]
fn the_proxy_has_all_of_it() -> ferropyro::Result<()> {
    let greeter = GreeterProxy::local(Polite::default());
    assert_eq!(greeter.hello_twice("you").wait()?, "Hello, you!Hello, you!");
    assert_eq!(greeter.crunch(2).wait()?, 6);
    assert_eq!(greeter.crunch_a_lot(2).wait()?, 200);
    assert_eq!(greeter.countdown(3).wait()?.next_wait().transpose()?, Some(3));
    assert_eq!(greeter.watch(ObserverProxy::local(Silent)).wait()?, 1);
    greeter.log("a line").wait()?;
    greeter.set_motto("be kind").wait()?;
    assert_eq!(greeter.welcome_message("Ada").wait()?, "Welcome, Ada!");
    assert_eq!(greeter.answer().wait()?, 42);
    Ok(())
}

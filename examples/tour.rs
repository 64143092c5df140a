//! All of the typed interface in one program: a server and its clients, async and blocking.
//!
//! It needs a name server (`ferropyro ns`, at another address than `localhost:9090` with `PYRO_NS_HOST` and
//! `PYRO_NS_PORT`), registers there, and calls itself: once directly, and then over the network.

#![expect(missing_docs, reason = "the names say it")]

use std::sync::Mutex;
use std::time::Duration;

use ferropyro::{AnyProxy, CallError, Client, Daemon, Instances, RemoteError, Stream, args, remote};

/// Greets people.
#[remote]
pub trait Greeter {
    /// Says hello.
    async fn hello(&self, name: String) -> Result<String, GreetError>;
    async fn add(&self, a: i64, b: i64) -> i64;
    /// Counts down to one, an item at a time.
    async fn countdown(&self, from: u32) -> Stream<u32>;
    async fn total(&self, numbers: Stream<i64>) -> i64;
    /// Tells an observer of those who are greeted; gives how many there are then.
    async fn watch(&self, observer: ObserverProxy) -> u64;
    #[oneway]
    async fn log(&self, line: String);
    #[attr]
    async fn motto(&self) -> String;
    #[attr(set)]
    async fn set_motto(&self, motto: String);
    #[name("welcomeMessage")]
    async fn welcome_message(&self, name: String) -> String;
}

/// Is told of those who are greeted.
#[remote]
pub trait Observer {
    async fn greeted(&self, name: String);
}

#[derive(Debug, thiserror::Error, RemoteError)]
pub enum GreetError {
    #[error("empty name")]
    #[exception("ValueError")]
    Empty,
}

#[derive(Default)]
struct Polite {
    motto: Mutex<String>,
    observers: Mutex<Vec<ObserverProxy>>,
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

impl Greeter for Polite {
    async fn hello(&self, name: String) -> Result<String, GreetError> {
        if name.is_empty() {
            return Err(GreetError::Empty);
        }
        let observers = lock(&self.observers).clone();
        for observer in observers {
            // An observer that is gone is no reason not to greet.
            let _ = observer.greeted(&name).await;
        }
        Ok(format!("Hello, {name}!"))
    }

    async fn add(&self, a: i64, b: i64) -> i64 {
        a + b
    }

    async fn countdown(&self, from: u32) -> Stream<u32> {
        Stream::from_items((1..=from).rev())
    }

    async fn total(&self, mut numbers: Stream<i64>) -> i64 {
        let mut total = 0;
        while let Some(Ok(number)) = numbers.next().await {
            total += number;
        }
        total
    }

    async fn watch(&self, observer: ObserverProxy) -> u64 {
        let mut observers = lock(&self.observers);
        observers.push(observer);
        observers.len() as u64
    }

    async fn log(&self, line: String) {
        println!("log: {line}");
    }

    async fn motto(&self) -> String {
        lock(&self.motto).clone()
    }

    async fn set_motto(&self, motto: String) {
        *lock(&self.motto) = motto;
    }

    async fn welcome_message(&self, name: String) -> String {
        format!("Welcome, {name}!")
    }
}

struct Printer;

impl Observer for Printer {
    async fn greeted(&self, name: String) {
        println!("observer: {name} was greeted");
    }
}

async fn server() -> ferropyro::Result<()> {
    let daemon = Daemon::bind("127.0.0.1:0").await?;
    let greeter: GreeterProxy = daemon.serve("greeter", Polite::default())?;
    GreeterProxy::serve(&daemon, "private", Instances::per_session(Polite::default))?;
    let names = Client::new().name_server().await?;
    names.register("example.greeter", greeter.uri()).await?;
    greeter.hello("the server itself").await?;
    daemon.run().await
}

async fn client() -> ferropyro::Result<()> {
    let client = Client::new();
    let greeter: GreeterProxy = client.lookup("PYRONAME:example.greeter").await?;
    match greeter.hello("world").timeout(Duration::from_secs(10)).await {
        Ok(text) => println!("{text}"),
        Err(CallError::Remote(GreetError::Empty)) => println!("who?"),
        Err(CallError::Exception(e)) => println!("{}: {}", e.class(), e.traceback()),
        Err(e) => return Err(e.into()),
    }
    let mut numbers = greeter.countdown(3).await?;
    while let Some(n) = numbers.next().await {
        println!("{}", n?);
    }
    let daemon = Daemon::bind("127.0.0.1:0").await?;
    let printer: ObserverProxy = daemon.export(Printer)?;
    greeter.watch(&printer).await?;
    let (sum, text) = greeter.batch((greeter.add(1, 2), greeter.hello("batch"))).await?;
    greeter.add(1, 2).oneway().await?;
    greeter.log("a line").await?;
    greeter.set_motto("be kind").await?;
    let any: AnyProxy = client.lookup_any(greeter.uri()).await?;
    let v: i64 = any.call("add", args![1, b = 2]).cast().await?;
    println!("{:?} {:?} {v} {:?}", sum, text, any.get("motto").await?);
    println!("{}", greeter.welcome_message("Ada").await?);
    Ok(())
}

/// Objects of this process, with nothing in between: streams are arguments too.
async fn local() -> ferropyro::Result<()> {
    let greeter = GreeterProxy::local(Polite::default());
    println!("total {}", greeter.total(Stream::from_items(1..=4)).await?);
    let printer: ObserverProxy = Client::new().export(Printer)?;
    greeter.watch(&printer).await?;
    println!("{}", greeter.hello("neighbour").await?);
    Ok(())
}

fn blocking() -> ferropyro::Result<()> {
    let greeter: GreeterProxy = Client::new().lookup("PYRONAME:example.greeter").wait()?;
    println!("{}", greeter.hello("sync").wait()?);
    match greeter.hello("").wait() {
        Err(CallError::Remote(GreetError::Empty)) => println!("who?"),
        other => println!("{other:?}"),
    }
    Ok(())
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let runtime = tokio::runtime::Runtime::new()?;
    let server = runtime.spawn(server());
    runtime.block_on(async {
        // The name server knows the greeter as soon as the server has told it.
        let client = Client::builder().lookup_delay(Duration::from_secs(2)).build();
        tokio::select! {
            found = client.lookup::<GreeterProxy>("PYRONAME:example.greeter") => found.map(drop),
            ended = server => ended.unwrap_or(Ok(())),
        }?;
        client_and_local().await
    })?;
    blocking()?;
    Ok(())
}

async fn client_and_local() -> ferropyro::Result<()> {
    client().await?;
    local().await
}

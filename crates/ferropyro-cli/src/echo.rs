//! The test object `test.echoserver`, as Pyro's own tools and their users know it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use ferropyro::server::{ItemSource, Methods};
use ferropyro::{Daemon, Exception, Value, literal};
use jiff::Zoned;

use crate::output::announce;

/// The id of the object, and its name in a name server.
pub(crate) const NAME: &str = "test.echoserver";

/// How long the slow methods take.
const SLOW: Duration = Duration::from_secs(5);

/// Whether calls are reported on standard output; callers may change it.
#[derive(Clone, Debug)]
struct Verbose(Arc<AtomicBool>);

impl Verbose {
    /// A line with the time, in the form of Python's `asctime`.
    fn report(&self, what: &str) {
        if self.0.load(Ordering::Relaxed) {
            announce(&format!("{} - {what}", Zoned::now().strftime("%a %b %e %H:%M:%S %Y")));
        }
    }
}

/// The object. Its method `shutdown` ends the daemon.
pub(crate) fn object(daemon: &Daemon, verbose: bool) -> Methods {
    let verbose = Verbose(Arc::new(AtomicBool::new(verbose)));
    let raise = |text: &'static str| {
        let verbose = verbose.clone();
        move |_| {
            verbose.report("error: generating exception");
            std::future::ready(Err::<Value, _>(Exception::new("ValueError", text)))
        }
    };
    let echo = |name: &'static str| {
        let verbose = verbose.clone();
        move |call: ferropyro::Arguments| {
            let message = call.bind(["message"]).map(|[message]| message);
            if let Ok(message) = &message {
                verbose.report(&format!("{name}: {}", literal::repr(message)));
            }
            std::future::ready(message)
        }
    };
    let slow = |name: &'static str| {
        let verbose = verbose.clone();
        move |_| {
            let verbose = verbose.clone();
            async move {
                verbose.report(&format!("{name}: waiting a bit..."));
                tokio::time::sleep(SLOW).await;
                verbose.report(&format!("{name}: returning result"));
                Ok(())
            }
        }
    };
    let slow_answer = slow("slow");
    let oneway_echo = echo("oneway_echo");
    let (read, write, ending) = (verbose.clone(), verbose.clone(), verbose.clone());
    let daemon = daemon.clone();
    Methods::new("EchoServer")
        .method("echo", echo("echo"))
        .doc("echo", "return the message")
        .method("error", raise("this is the generated error from echoserver echo() method"))
        .doc("error", "raises a ValueError")
        .method("error_with_text", raise("the message of the error"))
        .doc("error_with_text", "raises a ValueError with another text")
        .oneway("oneway_echo", move |call| {
            let echoed = oneway_echo(call);
            async move { echoed.await.map(drop) }
        })
        .doc("oneway_echo", "like echo; the caller does not wait")
        .method("slow", move |call| {
            let waiting = slow_answer(call);
            async move { waiting.await.map(|()| "Finally, an answer!") }
        })
        .doc("slow", "answers after five seconds")
        .stream("generator", |_| Ok(ItemSource::from_items(["one", "two", "three"])))
        .doc("generator", "a stream of three items")
        .method("nan", async |_| Ok(f64::NAN))
        .method("inf", async |_| Ok(f64::INFINITY))
        .oneway("oneway_slow", slow("oneway_slow"))
        .doc("oneway_slow", "takes five seconds; the caller does not wait")
        .method("__dunder__", async |_| Ok("should be allowed (dunder)"))
        .method("shutdown", move |_| {
            ending.report("shutting down");
            daemon.shutdown();
            std::future::ready(Ok(()))
        })
        .doc("shutdown", "ends the echo server")
        .attribute_rw(
            "verbose",
            move || read.0.load(Ordering::Relaxed),
            move |value| {
                write.0.store(truth(&value), Ordering::Relaxed);
                Ok(())
            },
        )
}

/// Python's `bool(value)`.
fn truth(value: &Value) -> bool {
    match value {
        Value::None => false,
        Value::Str(text) => !text.is_empty(),
        Value::Dict(dict) => !dict.is_empty(),
        Value::List(items) | Value::Tuple(items) => !items.is_empty(),
        Value::Set(set) => !set.is_empty(),
        other => other.as_float().is_none_or(|number| number != 0.0),
    }
}

//! The callback: an object of the caller's is handed over, and called back while the call runs.

use ferropyro::server::Methods;
use ferropyro::{Client, Daemon, Exception, Value, args};

use super::python::CALLBACK;
use super::{Tour, line};
use crate::failure::Failure;

const NAME: &str = "example.worker";

/// A worker that reports each step to the observer it is given.
fn worker(client: &Client) -> Methods {
    let client = client.clone();
    Methods::new("Worker").method("work", move |call| {
        let client = client.clone();
        async move {
            let [steps, observer] = call.bind(["steps", "observer"])?;
            let Value::Proxy(observer) = observer else {
                return Err(Exception::new("TypeError", "the observer is no remote object"));
            };
            let observer = client.proxy(*observer);
            let steps = steps.as_int().unwrap_or(0);
            for step in 1..=steps {
                observer.call("progress", args![step, steps]).await.map_err(|error| {
                    match error.exception() {
                        Some(exception) => exception.clone(),
                        None => Exception::new("RuntimeError", error.to_string()),
                    }
                })?;
            }
            Ok((1..=steps).sum::<i64>())
        }
    })
}

fn observer() -> Methods {
    Methods::new("Observer").method("progress", async |call| {
        let [step, steps] = call.bind(["step", "steps"])?;
        line("", &format!("step {} of {}", step.as_int().unwrap_or(0), steps.as_int().unwrap_or(0)));
        Ok(())
    })
}

pub(super) async fn show(tour: &Tour) -> Result<(), Failure> {
    tour.step("A callback: the caller hands over an object of its own, and the worker calls it");
    let uri = tour.daemon.register("worker", worker(&tour.client))?;
    tour.names.register(NAME, uri.to_string()).await?;

    let callers = Daemon::bind("127.0.0.1:0").await?;
    let observer = callers.register_anonymous(observer())?;
    let observer = callers.reference(observer.object().unwrap_or_default())?;
    line("Rust worker, Rust caller", "");
    let proxy = tour.client.lookup_any(tour.uri(NAME)).await?;
    let sum: i64 = proxy.call("work", args![3, observer.clone()]).cast().await?;
    line("", &format!("the worker's result: {sum}"));

    if let Some(python) = &tour.python {
        for pyro in ["4", "5"] {
            let args = ["--pyro", pyro, "--ns", &tour.names_at, "call", NAME];
            line(&format!("Rust worker, Pyro{pyro} caller"), &python.run(CALLBACK, &args).await?);
        }
        let name = "example.worker.pyro5";
        let served = python.serve(CALLBACK, &["--pyro", "5", "--ns", &tour.names_at, "serve", name]).await?;
        line("Pyro5 worker, Rust caller", "");
        let proxy = tour.client.lookup_any(tour.uri(name)).await?;
        let sum: i64 = proxy.call("work", args![3, observer]).cast().await?;
        line("", &format!("the worker's result: {sum}"));
        drop(served);
        tour.names.remove(name).await?;
    }
    callers.shutdown();
    Ok(())
}

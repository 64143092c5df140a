//! The callback: an object of the caller's is handed over, and called back while the call runs.

use ferropyro::{Daemon, Exception, remote};

use super::python::CALLBACK;
use super::{Tour, line};
use crate::failure::Failure;

const NAME: &str = "example.worker";

/// A worker that reports each step to the observer it is given.
#[remote]
trait Worker {
    async fn work(&self, steps: i64, observer: ObserverProxy) -> Result<i64, Exception>;
}

/// Is told how far a worker is.
#[remote]
trait Observer {
    async fn progress(&self, step: i64, steps: i64);
}

struct Adder;

impl Worker for Adder {
    async fn work(&self, steps: i64, observer: ObserverProxy) -> Result<i64, Exception> {
        for step in 1..=steps {
            observer.progress(step, steps).await?;
        }
        Ok((1..=steps).sum())
    }
}

struct Printer;

impl Observer for Printer {
    async fn progress(&self, step: i64, steps: i64) {
        line("", &format!("step {step} of {steps}"));
    }
}

pub(super) async fn show(tour: &Tour) -> Result<(), Failure> {
    tour.step("A callback: the caller hands over an object of its own, and the worker calls it");
    let served: WorkerProxy = tour.daemon.serve("worker", Adder)?;
    tour.names.register(NAME, served.uri()).await?;

    let callers = Daemon::bind("127.0.0.1:0").await?;
    let observer: ObserverProxy = callers.export(Printer)?;
    line("Rust worker, Rust caller", "");
    let worker: WorkerProxy = tour.client.lookup(tour.uri(NAME)).await?;
    let sum = worker.work(3, &observer).await?;
    line("", &format!("the worker's result: {sum}"));

    if let Some(python) = &tour.python {
        for pyro in ["4", "5"] {
            let args = ["--pyro", pyro, "--ns", &tour.names_at, "call", NAME];
            line(&format!("Rust worker, Pyro{pyro} caller"), &python.run(CALLBACK, &args).await?);
        }
        let name = "example.worker.pyro5";
        let served = python.serve(CALLBACK, &["--pyro", "5", "--ns", &tour.names_at, "serve", name]).await?;
        line("Pyro5 worker, Rust caller", "");
        let worker: WorkerProxy = tour.client.lookup(tour.uri(name)).await?;
        let sum = worker.work(3, &observer).await?;
        line("", &format!("the worker's result: {sum}"));
        drop(served);
        tour.names.remove(name).await?;
    }
    callers.shutdown();
    Ok(())
}

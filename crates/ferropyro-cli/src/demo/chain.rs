//! The chain: servers that call each other in a ring, so that each is caller and remote object in turn.

use ferropyro::{Client, Exception, remote};

use super::python::CHAIN;
use super::{Tour, line};
use crate::failure::Failure;

/// A link, like the one in `chain.py`: it adds its name and calls the next one.
#[remote]
trait Link {
    /// Passes a message on; gives the way that it went.
    async fn process(&self, message: Vec<String>) -> Result<Vec<String>, Exception>;
}

struct RustLink {
    client: Client,
    name: String,
    next: String,
}

impl Link for RustLink {
    async fn process(&self, mut message: Vec<String>) -> Result<Vec<String>, Exception> {
        if message.contains(&self.name) {
            return Ok(vec![format!("back at {}", self.name)]);
        }
        message.push(self.name.clone());
        let next: LinkProxy = self.client.lookup(&self.next).await?;
        let mut way = vec![format!("{} (Rust)", self.name)];
        way.extend(next.process(message).await?);
        Ok(way)
    }
}

pub(super) async fn show(tour: &Tour) -> Result<(), Failure> {
    let name = |link: &str| format!("example.chain.{link}");
    let mut served = Vec::new();
    let links: &[(&str, &str)] = match &tour.python {
        Some(python) => {
            tour.step(
                "A chain of three servers, A (Rust) -> B (Pyro4) -> C (Pyro5) -> A: each calls the next",
            );
            for (pyro, link, next) in [("4", "B", "C"), ("5", "C", "A")] {
                served
                    .push(python.serve(CHAIN, &["--pyro", pyro, "--ns", &tour.names_at, link, next]).await?);
            }
            &[("A", "B")]
        }
        None => {
            tour.step("A chain of three servers, A -> B -> C -> A: each calls the next");
            &[("A", "B"), ("B", "C"), ("C", "A")]
        }
    };
    for (link, next) in links {
        let object =
            RustLink { client: tour.client.clone(), name: (*link).to_owned(), next: tour.uri(&name(next)) };
        let link_proxy: LinkProxy = tour.daemon.serve(&name(link), object)?;
        tour.names.register(name(link), link_proxy.uri()).await?;
    }
    for start in ["A", "B", "C"] {
        let link: LinkProxy = tour.client.lookup(tour.uri(&name(start))).await?;
        line(&format!("a message to {start} went"), &link.process(Vec::new()).await?.join(" -> "));
    }
    drop(served);
    for link in ["B", "C"] {
        if tour.python.is_some() {
            tour.names.remove(name(link)).await?;
        }
    }
    Ok(())
}

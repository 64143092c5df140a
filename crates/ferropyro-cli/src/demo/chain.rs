//! The chain: servers that call each other in a ring, so that each is caller and remote object in turn.

use ferropyro::server::Methods;
use ferropyro::{Client, Error, Exception, Value, args};

use super::python::CHAIN;
use super::{Tour, line};
use crate::failure::Failure;
use crate::output::announce;

/// A link in Rust, like the one in `chain.py`: it adds its name and calls the next one.
fn link(client: &Client, name: &'static str, next: String) -> Methods {
    let client = client.clone();
    Methods::new("Link").method("process", move |call| {
        let (client, next) = (client.clone(), next.clone());
        async move {
            let [message] = call.bind(["message"])?;
            let message =
                message.into_items().map_err(|_| Exception::new("TypeError", "message is no list"))?;
            if message.contains(&Value::from(name)) {
                return Ok(Value::List(vec![Value::from(format!("back at {name}"))]));
            }
            let mut passed_on = message;
            passed_on.push(Value::from(name));
            let way = process(&client, next, passed_on).await.map_err(|error| {
                Exception::new("RuntimeError", format!("{name} cannot pass the message on: {error}"))
            })?;
            Ok(std::iter::once(Value::from(format!("{name} (Rust)"))).chain(way).collect())
        }
    })
}

/// Stands between two links that have no protocol in common, and passes messages on.
fn relay(client: &Client, next: String) -> Methods {
    let client = client.clone();
    Methods::new("Relay").method("process", move |call| {
        let (client, next) = (client.clone(), next.clone());
        async move {
            let [message] = call.bind(["message"])?;
            let message =
                message.into_items().map_err(|_| Exception::new("TypeError", "message is no list"))?;
            let way = process(&client, next, message).await;
            way.map(Value::List).map_err(|error| Exception::new("RuntimeError", error.to_string()))
        }
    })
}

/// Gives a message to a link; returns the way that it went.
async fn process(client: &Client, uri: String, message: Vec<Value>) -> Result<Vec<Value>, Error> {
    let link = client.lookup_any(uri).await?;
    Ok(link.call("process", args![Value::List(message)]).cast::<Vec<Value>>().await?)
}

pub(super) async fn show(tour: &Tour) -> Result<(), Failure> {
    let name = |link: &str| format!("example.chain.{link}");
    let mut served = Vec::new();
    let links: &[(&'static str, &str)] = match &tour.python {
        Some(python) => {
            tour.step(
                "A chain of three servers, A (Rust) -> B (Pyro4) -> C (Pyro5) -> A: each calls the next",
            );
            announce(
                "   (Pyro4 and Pyro5 cannot talk to each other: what B calls as C is a relay in Rust, in this binary.)",
            );
            let uri = tour.daemon.register("relay", relay(&tour.client, tour.uri(&name("C"))))?;
            tour.names.register(name("relay"), &uri).await?;
            for (pyro, link, next) in [("4", "B", "relay"), ("5", "C", "A")] {
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
    for (link_name, next) in links {
        let object = link(&tour.client, link_name, tour.uri(&name(next)));
        let uri = tour.daemon.register(&name(link_name), object)?;
        tour.names.register(name(link_name), uri.to_string()).await?;
    }
    for start in ["A", "B", "C"] {
        let way = process(&tour.client, tour.uri(&name(start)), Vec::new()).await?;
        let way: Vec<&str> = way.iter().filter_map(Value::as_str).collect();
        line(&format!("a message to {start} went"), &way.join(" -> "));
    }
    drop(served);
    for link in ["B", "C"] {
        if tour.python.is_some() {
            tour.names.remove(name(link)).await?;
        }
    }
    Ok(())
}

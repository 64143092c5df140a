//! A warehouse where people leave things and take others: first an object of this program, then one behind an
//! address, then one behind a name. Those who visit it do not notice.
//!
//! That is what a proxy is for: `WarehouseProxy` calls the object directly where that is possible.
//!
//! ```python
//! warehouse = Pyro5.api.Proxy("PYRONAME:example.warehouse")
//! warehouse.store("Janet", "umbrella")
//! warehouse.take("Janet", "moon")     # ValueError: there is no moon here
//! ```

use std::error::Error;
use std::sync::Mutex;

use ferropyro::{CallError, Client, Daemon, RemoteError, remote};
use ferropyro_ns::NameServer;

/// What was asked for is not there.
#[derive(Debug, thiserror::Error, RemoteError)]
#[error("there is no {item} here")]
#[exception("ValueError")]
pub struct NotHere {
    item: String,
}

/// Holds whatever people bring.
pub struct Warehouse {
    contents: Mutex<Vec<String>>,
}

/// There is only one kind of warehouse, so that no trait is needed: the methods that are `pub` and take `&self`
/// are remote, and `WarehouseProxy` has them too.
#[remote]
impl Warehouse {
    /// A warehouse with a few things in it. Not remote, for want of a `self`.
    pub fn furnished() -> Self {
        let contents = ["chair", "bike", "flashlight", "laptop", "couch"].map(str::to_owned);
        Self { contents: Mutex::new(contents.into()) }
    }

    /// Everything that is here.
    pub async fn list_contents(&self) -> Vec<String> {
        self.contents.lock().unwrap().clone()
    }

    /// Takes one thing away.
    pub async fn take(&self, name: String, item: String) -> Result<(), NotHere> {
        let mut contents = self.contents.lock().unwrap();
        let Some(place) = contents.iter().position(|thing| *thing == item) else {
            return Err(NotHere { item });
        };
        contents.remove(place);
        println!("    ({name} took the {item})");
        Ok(())
    }

    /// Leaves a thing here.
    pub async fn store(&self, name: String, item: String) {
        println!("    ({name} stored the {item})");
        self.contents.lock().unwrap().push(item);
    }
}

/// Somebody who wants to get rid of one thing and needs another.
struct Person {
    name: &'static str,
    brings: &'static str,
    wants: &'static str,
}

impl Person {
    async fn visit(&self, warehouse: &WarehouseProxy) -> ferropyro::Result<()> {
        let Self { name, brings, wants } = *self;
        println!("  {name} sees {}", warehouse.list_contents().await?.join(", "));
        warehouse.store(name, brings).await?;
        match warehouse.take(name, wants).await {
            Ok(()) => println!("  {name} goes home with the {wants}"),
            Err(CallError::Remote(NotHere { item })) => println!("  {name} finds no {item}"),
            Err(other) => return Err(other.into()),
        }
        Ok(())
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let janet = Person { name: "Janet", brings: "umbrella", wants: "bike" };
    let henry = Person { name: "Henry", brings: "lamp", wants: "moon" };

    println!("In this program:");
    let warehouse = WarehouseProxy::local(Warehouse::furnished());
    janet.visit(&warehouse).await?;
    henry.visit(&warehouse).await?;

    println!("Behind an address:");
    let daemon = Daemon::bind("127.0.0.1:0").await?;
    let served: WarehouseProxy = daemon.serve("example.warehouse", Warehouse::furnished())?;
    // As a user would type it: PYRO:example.warehouse@127.0.0.1:43210
    let address = served.uri().to_string();
    let warehouse: WarehouseProxy = Client::new().lookup(address).await?;
    janet.visit(&warehouse).await?;

    println!("Behind a name:");
    let name_server = NameServer::builder().host("127.0.0.1").port(0).start().await?;
    let client = Client::builder().name_server(name_server.location().clone()).build();
    client.name_server().await?.register("example.warehouse", served.uri()).await?;
    let warehouse: WarehouseProxy = client.lookup("PYRONAME:example.warehouse").await?;
    henry.visit(&warehouse).await?;
    Ok(())
}

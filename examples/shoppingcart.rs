//! A shop that gives each customer a cart. The carts stay in the shop; what customers get, and put things into, is
//! a reference.
//!
//! The shop makes an object while a method runs, and gives a proxy of it away. Python sees the same: there the
//! result of `enter` is a Pyro proxy.
//!
//! ```python
//! shop = Pyro5.api.Proxy("PYRONAME:example.shop")
//! cart = shop.enter("Harry")
//! cart.purchase("bread")
//! print(shop.payCart(cart))
//! ```

use std::collections::BTreeMap;
use std::error::Error;
use std::sync::{Arc, Mutex};

use ferropyro::{CallError, Client, Daemon, RemoteError, context, remote};

/// A shop with a counter.
#[remote]
pub trait Shop {
    /// Enters the shop, and takes a cart.
    async fn enter(&self, name: String) -> Result<CartProxy, ShopError>;
    /// Who is in the shop.
    async fn customers(&self) -> Vec<String>;
    /// What is sold, and the prices.
    async fn goods(&self) -> BTreeMap<String, f64>;
    /// Pays for what is in the cart of a customer; gives the receipt.
    #[name("payByName")]
    async fn pay_by_name(&self, name: String) -> Result<String, ShopError>;
    /// Pays for what is in a cart; gives the receipt.
    #[name("payCart")]
    async fn pay_cart(&self, cart: CartProxy) -> Result<String, ShopError>;
    /// Leaves the shop. The cart stays there.
    async fn leave(&self, name: String) -> Result<(), ShopError>;
}

/// A shopping cart.
#[remote]
pub trait Cart {
    /// Puts something in.
    async fn purchase(&self, item: String) -> Result<(), ShopError>;
    /// What is in it.
    #[name("getContents")]
    async fn contents(&self) -> Vec<String>;
}

/// Why the shop does not do what it is asked.
#[derive(Debug, thiserror::Error, RemoteError)]
#[exception("ValueError")]
pub enum ShopError {
    /// No daemon serves the shop, so that nobody could reach a cart.
    #[error("the shop is closed")]
    Closed,
    /// There is no such customer, or no such cart.
    #[error("no such customer is here")]
    NotHere,
    /// The goods are of other shops.
    #[error("we do not sell {item}")]
    NotSold {
        /// What was wanted.
        item: String,
    },
    /// There are things in the cart that nobody has paid for.
    #[error("{0} things are not paid for")]
    NotPaid(usize),
}

const GOODS: [(&str, f64); 5] =
    [("bread", 1.50), ("milk", 0.80), ("chocolate", 3.99), ("pizza", 3.60), ("whiskey", 24.99)];

#[derive(Default)]
struct Basket {
    items: Mutex<Vec<(&'static str, f64)>>,
}

impl Cart for Basket {
    async fn purchase(&self, item: String) -> Result<(), ShopError> {
        let goods = GOODS.iter().find(|(sold, _)| *sold == item).ok_or(ShopError::NotSold { item })?;
        self.items.lock().unwrap().push(*goods);
        Ok(())
    }

    async fn contents(&self) -> Vec<String> {
        self.items.lock().unwrap().iter().map(|(item, _)| item.to_string()).collect()
    }
}

/// The two sides of a cart: what the shop looks into, and what its customer holds.
struct Customer {
    basket: Arc<Basket>,
    cart: CartProxy,
}

#[derive(Default)]
struct Store {
    customers: Mutex<BTreeMap<String, Customer>>,
}

/// Empties the basket, and says what it cost.
fn pay(basket: &Basket) -> String {
    let items = std::mem::take(&mut *basket.items.lock().unwrap());
    let mut receipt = String::new();
    let mut total = 0.0;
    for (item, price) in items {
        receipt += &format!("{item:>13}{price:>8.2}\n");
        total += price;
    }
    format!("{receipt}{:>13}{total:>8.2}", "total:")
}

impl Shop for Store {
    async fn enter(&self, name: String) -> Result<CartProxy, ShopError> {
        // The daemon of this very call: a shop that kept its daemon would keep itself open for ever.
        let daemon = context().and_then(|call| call.daemon()).ok_or(ShopError::Closed)?;
        let basket = Arc::new(Basket::default());
        let shared = Arc::clone(&basket);
        let cart: CartProxy = daemon.export(shared).map_err(|_| ShopError::Closed)?;
        self.customers.lock().unwrap().insert(name, Customer { basket, cart: cart.clone() });
        Ok(cart)
    }

    async fn customers(&self) -> Vec<String> {
        self.customers.lock().unwrap().keys().cloned().collect()
    }

    async fn goods(&self) -> BTreeMap<String, f64> {
        GOODS.iter().map(|(item, price)| (item.to_string(), *price)).collect()
    }

    async fn pay_by_name(&self, name: String) -> Result<String, ShopError> {
        let customers = self.customers.lock().unwrap();
        customers.get(&name).map(|customer| pay(&customer.basket)).ok_or(ShopError::NotHere)
    }

    async fn pay_cart(&self, cart: CartProxy) -> Result<String, ShopError> {
        // Proxies are equal when they stand for the same object. Only carts of ours have a basket behind them;
        // to ask whatever came for its contents would be to trust it.
        let customers = self.customers.lock().unwrap();
        let owner = customers.values().find(|customer| customer.cart == cart).ok_or(ShopError::NotHere)?;
        Ok(pay(&owner.basket))
    }

    async fn leave(&self, name: String) -> Result<(), ShopError> {
        let mut customers = self.customers.lock().unwrap();
        let customer = customers.get(&name).ok_or(ShopError::NotHere)?;
        let left = customer.basket.items.lock().unwrap().len();
        if left > 0 {
            return Err(ShopError::NotPaid(left));
        }
        if let Some(daemon) = context().and_then(|call| call.daemon()) {
            daemon.unregister(&customer.cart);
        }
        customers.remove(&name);
        Ok(())
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let daemon = Daemon::bind("127.0.0.1:0").await?;
    let served: ShopProxy = daemon.serve("example.shop", Store::default())?;

    let shop: ShopProxy = Client::new().lookup(served.uri()).await?;
    println!("The shop sells {}", shop.goods().await?.into_keys().collect::<Vec<_>>().join(", "));
    let harrys = shop.enter("Harry").await?;
    let sallys = shop.enter("Sally").await?;
    let shoplifters = shop.enter("shoplifter").await?;
    for item in ["pizza", "milk", "bread", "milk"] {
        harrys.purchase(item).await?;
    }
    for item in ["chocolate", "pizza"] {
        sallys.purchase(item).await?;
    }
    shoplifters.purchase("whiskey").await?;
    if let Err(CallError::Remote(refused)) = harrys.purchase("caviar").await {
        println!("Harry wants caviar: {refused}");
    }
    println!("In the shop: {}", shop.customers().await?.join(", "));

    println!("Harry pays by his name:\n{}", shop.pay_by_name("Harry").await?);
    println!("Sally hands in her cart:\n{}", shop.pay_cart(&sallys).await?);
    println!("Harry's cart holds {} things now", harrys.contents().await?.len());
    for name in ["Harry", "Sally", "shoplifter"] {
        match shop.leave(name).await {
            Ok(()) => println!("{name} leaves"),
            Err(CallError::Remote(ShopError::NotPaid(things))) => {
                println!("{name} is held back for {things} thing");
            }
            Err(other) => return Err(other.into()),
        }
    }
    // The cart is gone with its customer. The reference is still there, and says so.
    if let Err(error) = harrys.purchase("bread").await {
        println!("Harry wants one more bread: {error}");
    }
    Ok(())
}

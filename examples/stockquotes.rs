//! Stock markets and those who watch them, twice: viewers that draw quotes from a stream, and viewers that are
//! called when there is a quote.
//!
//! A stream gives an item when it is asked for one, so that a viewer cannot be overrun, and ends when the viewer
//! has seen enough. Callbacks come when the market likes; the viewer has a daemon of its own for them.
//!
//! A Pyro5 program takes part in both ways, the second with a `Viewer` that it has registered with its daemon:
//!
//! ```python
//! market = Pyro5.api.Proxy("PYRONAME:example.stockmarket.nasdaq")
//! for symbol, price in market.quotes(): ...
//! Pyro5.api.Proxy("PYRONAME:example.aggregator").view(viewer, ["IBM"])
//! ```

use std::collections::BTreeSet;
use std::error::Error;
use std::sync::Mutex;

use ferropyro::{Client, Daemon, Exception, Stream, remote};
use ferropyro_ns::NameServer;

/// A place where shares are traded.
#[remote]
pub trait StockMarket {
    /// The market's name: an attribute, so that Python writes `market.name`.
    #[attr]
    async fn name(&self) -> String;
    /// What is traded here.
    #[attr]
    async fn symbols(&self) -> Vec<String>;
    /// Symbols with their prices, without end.
    async fn quotes(&self) -> Stream<(String, f64)>;
    /// Trades so many times, and tells the aggregator each time.
    async fn trade(&self, times: usize, aggregator: AggregatorProxy) -> Result<(), Exception>;
}

/// Collects the quotes of all markets, and passes them on to those who want to see them.
#[remote]
pub trait Aggregator {
    /// Sends quotes of these symbols to the viewer from now on.
    async fn view(&self, viewer: ViewerProxy, symbols: BTreeSet<String>);
    /// Is told of a quote.
    async fn quote(&self, market: String, symbol: String, price: f64);
}

/// Is shown quotes.
#[remote]
pub trait Viewer {
    /// There is a quote.
    async fn quote(&self, market: String, symbol: String, price: f64);
}

struct Exchange {
    name: &'static str,
    symbols: &'static [&'static str],
}

impl Exchange {
    /// Prices that look as if somebody had thought about them, and are the same each time.
    fn prices(&self) -> impl Iterator<Item = (String, f64)> + use<> {
        let symbols = self.symbols;
        (0_u32..).map(move |turn| {
            let symbol = symbols[turn as usize % symbols.len()];
            (symbol.to_owned(), 50.0 + f64::from(turn * 37 % 101) / 4.0)
        })
    }
}

impl StockMarket for Exchange {
    async fn name(&self) -> String {
        self.name.to_owned()
    }

    async fn symbols(&self) -> Vec<String> {
        self.symbols.iter().map(ToString::to_string).collect()
    }

    async fn quotes(&self) -> Stream<(String, f64)> {
        // Each item is made when it is asked for: an endless iterator is no trouble.
        Stream::from_items(self.prices())
    }

    async fn trade(&self, times: usize, aggregator: AggregatorProxy) -> Result<(), Exception> {
        for (symbol, price) in self.prices().take(times) {
            // A method that calls others may fail as they do: with whatever exception it was.
            aggregator.quote(self.name, symbol, price).await?;
        }
        Ok(())
    }
}

#[derive(Default)]
struct Ticker {
    viewers: Mutex<Vec<(ViewerProxy, BTreeSet<String>)>>,
}

impl Aggregator for Ticker {
    async fn view(&self, viewer: ViewerProxy, symbols: BTreeSet<String>) {
        self.viewers.lock().unwrap().push((viewer, symbols));
    }

    async fn quote(&self, market: String, symbol: String, price: f64) {
        // Out of the lock before anybody is called: who is called may call us. (With a lock of `std` held here,
        // this would not compile.)
        let viewers = self.viewers.lock().unwrap().clone();
        for (viewer, symbols) in viewers {
            if symbols.contains(&symbol) && viewer.quote(&market, &symbol, price).await.is_err() {
                self.viewers.lock().unwrap().retain(|(other, _)| *other != viewer);
            }
        }
    }
}

struct Screen {
    owner: &'static str,
}

impl Viewer for Screen {
    async fn quote(&self, market: String, symbol: String, price: f64) {
        println!("  {} sees {market}.{symbol}: {price:.2}", self.owner);
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let name_server = NameServer::builder().host("127.0.0.1").port(0).start().await?;
    let client = Client::builder().name_server(name_server.location().clone()).build();
    let names = client.name_server().await?;

    // The daemon has the client too, for the objects that it gets as arguments: they may come as names.
    let daemon = Daemon::builder().listen("127.0.0.1:0").client(client.clone()).bind().await?;
    let nasdaq = Exchange { name: "NASDAQ", symbols: &["AAPL", "CSCO", "MSFT", "GOOG"] };
    let nasdaq: StockMarketProxy = daemon.serve("nasdaq", nasdaq)?;
    let newyork = Exchange { name: "NYSE", symbols: &["IBM", "HPQ", "BP"] };
    let newyork: StockMarketProxy = daemon.serve("newyork", newyork)?;
    names.register("example.stockmarket.nasdaq", nasdaq.uri()).await?;
    names.register("example.stockmarket.newyork", newyork.uri()).await?;
    let aggregator: AggregatorProxy = daemon.serve("aggregator", Ticker::default())?;
    names.register("example.aggregator", aggregator.uri()).await?;

    println!("Drawn from streams:");
    let mut markets = Vec::new();
    for found in names.list_prefix("example.stockmarket.").await? {
        let market: StockMarketProxy = client.lookup(found.uri()?).await?;
        println!("  {} trades {}", market.name().await?, market.symbols().await?.join(", "));
        markets.push((market.name().await?, market.quotes().await?, market));
    }
    for _ in 0..4 {
        for (name, quotes, _) in &mut markets {
            let Some(quote) = quotes.next().await else { continue };
            let (symbol, price) = quote?;
            if ["IBM", "AAPL", "MSFT"].contains(&symbol.as_str()) {
                println!("  {name}.{symbol}: {price:.2}");
            }
        }
    }

    println!("Called back:");
    let aggregator: AggregatorProxy = client.lookup("PYRONAME:example.aggregator").await?;
    // Calls back need somebody who listens: the viewers' own daemon.
    let viewers = Daemon::bind("127.0.0.1:0").await?;
    for (owner, symbols) in [("Ann", ["IBM", "AAPL"]), ("Bob", ["AAPL", "MSFT"])] {
        let screen: ViewerProxy = viewers.export(Screen { owner })?;
        aggregator.view(&screen, symbols.map(str::to_owned).into()).await?;
    }
    for (_, _, market) in &markets {
        market.trade(4, &aggregator).await?;
    }
    Ok(())
}

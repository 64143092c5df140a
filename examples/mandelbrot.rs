//! The Mandelbrot set, computed by whoever offers to: workers are found by what they can do, in the name server's
//! yellow pages, and each gets its share of the lines, in one message.
//!
//! A Pyro5 program finds the same workers, and may add its own:
//!
//! ```python
//! found = Pyro5.api.locate_ns().yplookup(meta_any={"class:mandelbrot_calc"})
//! worker = Pyro5.api.Proxy("PYROMETA:class:mandelbrot_calc")              # any one of them
//! line_nr, line = worker.calc_line(-2.0-1.0j, 60, 0.5, 0.05, 7)
//! ```

use std::collections::BTreeMap;
use std::error::Error;

use ferropyro::{Client, Complex, Daemon, remote};
use ferropyro_ns::NameServer;
use tokio::task::JoinSet;

const WIDTH: u32 = 60;
const HEIGHT: u32 = 20;
const ITERATIONS: usize = 200;
/// What workers of this kind are registered with.
const TAG: &str = "class:mandelbrot_calc";

/// Computes pictures of the Mandelbrot set, line by line.
#[remote]
pub trait Mandelbrot {
    /// The line so far below the start, in characters so far apart; with its number, so that answers can be told
    /// apart. A plain `fn`, not an `async` one: it computes, and gets a thread for that.
    fn calc_line(&self, start: Complex, res_x: u32, ii: f64, dr: f64, line_nr: u32) -> (u32, String);
}

struct Calculator;

impl Mandelbrot for Calculator {
    fn calc_line(&self, start: Complex, res_x: u32, ii: f64, dr: f64, line_nr: u32) -> (u32, String) {
        let line = (1..=res_x).map(|column| {
            let c = Complex { real: start.real + dr * f64::from(column), imag: start.imag + ii };
            match escape(c) {
                Some(n) => char::from(b" .:-=+*#%@"[n.ilog2() as usize % 10]),
                None => ' ',
            }
        });
        (line_nr, line.collect())
    }
}

/// After how many steps, from 1, the point leaves; `None` for one that stays.
fn escape(c: Complex) -> Option<usize> {
    let (mut x, mut y) = (c.real, c.imag);
    (1..=ITERATIONS).find(|_| {
        (x, y) = (x * x - y * y + c.real, 2.0 * x * y + c.imag);
        x * x + y * y > 4.0
    })
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let name_server = NameServer::builder().host("127.0.0.1").port(0).start().await?;
    let client = Client::builder().name_server(name_server.location().clone()).build();
    let names = client.name_server().await?;

    // Each worker would be a program on a machine of its own.
    let mut daemons = Vec::new();
    for number in 1..=3 {
        let daemon = Daemon::bind("127.0.0.1:0").await?;
        let worker: MandelbrotProxy = daemon.serve("mandelbrot", Calculator)?;
        // `safe`: a worker with this name that is there already is not pushed aside.
        names.register(format!("mandelbrot_{number}"), worker.uri()).safe().metadata([TAG]).await?;
        daemons.push(daemon);
    }

    let mut workers: Vec<MandelbrotProxy> = Vec::new();
    for found in names.yplookup_any([TAG]).await? {
        println!("{} offers to help", found.name);
        workers.push(client.lookup(found.uri()?).await?);
    }

    // A call for one line. Nothing happens until it is awaited, by itself or with others.
    let start = Complex { real: -2.0, imag: -1.2 };
    let (dr, di) = (2.8 / f64::from(WIDTH), 2.4 / f64::from(HEIGHT));
    let line =
        |worker: &MandelbrotProxy, number| worker.calc_line(start, WIDTH, f64::from(number) * di, dr, number);

    let mut shares = JoinSet::new();
    for (first, worker) in workers.iter().enumerate() {
        let numbers = (0..HEIGHT).skip(first).step_by(workers.len());
        // All lines of a worker's share go in one message, and come back in one.
        let calls = numbers.map(|number| line(worker, number)).collect::<Vec<_>>();
        let share = worker.batch(calls);
        shares.spawn(async move { share.await });
    }
    let mut picture = BTreeMap::new();
    while let Some(share) = shares.join_next().await {
        for line in share?? {
            let (number, text) = line?;
            picture.insert(number, text);
        }
    }
    for text in picture.values() {
        println!("|{text}|");
    }

    // Where one is enough, and any one will do, the tag itself is an address.
    let any: MandelbrotProxy = client.lookup(format!("PYROMETA:{TAG}")).await?;
    let (number, text) = line(&any, HEIGHT / 2).await?;
    println!("any one of them agrees: {}", picture.get(&number) == Some(&text));
    Ok(())
}

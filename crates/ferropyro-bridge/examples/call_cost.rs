//! What a small call costs at each of several addresses: `call_cost URI...`, objects with a method `echo`.
//!
//! The addresses take turns, since the speed of shared machines drifts; medians of the rounds are printed, one
//! address a line, in microseconds. `bench/bridge_cost.py` runs it.

use std::time::Instant;

use ferropyro::{AnyProxy, Client, args};

const ROUNDS: usize = 15;
const CALLS: u32 = 400;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::new();
    let mut places: Vec<(AnyProxy, Vec<f64>)> = Vec::new();
    for uri in std::env::args().skip(1) {
        places.push((client.lookup_any(uri).await?, Vec::new()));
    }
    for _ in 0..ROUNDS {
        for (proxy, times) in &mut places {
            let start = Instant::now();
            for _ in 0..CALLS {
                proxy.call("echo", args!["hello"]).await?;
            }
            times.push(start.elapsed().as_secs_f64() * 1e6 / f64::from(CALLS));
        }
    }
    for (_, times) in &mut places {
        times.sort_by(f64::total_cmp);
        println!("{:.1}", times.get(ROUNDS / 2).copied().unwrap_or_default());
    }
    Ok(())
}

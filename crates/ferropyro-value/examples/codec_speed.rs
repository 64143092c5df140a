//! Encodes and decodes 1000 records with each codec and prints MB/s: `Value` and typed.
//!
//! `cargo run --release -p ferropyro-value --example codec_speed`

use std::hint::black_box;
use std::time::{Duration, Instant};

use ferropyro_value::{Codec, Limits, Value, flavor, serde_bridge};
use serde::{Deserialize, Serialize};

#[derive(Deserialize, Serialize)]
struct Record {
    id: i64,
    name: String,
    score: f64,
    tags: [String; 3],
}

#[expect(clippy::cast_precision_loss, reason = "the numbers are small")]
fn records() -> Vec<Record> {
    (0..1000)
        .map(|n: i64| Record {
            id: n,
            name: format!("record number {n}"),
            score: n as f64 * 1.25 + 0.1,
            tags: ["red".to_owned(), "green".to_owned(), format!("tag{n}")],
        })
        .collect()
}

/// MB/s of `work`, whose output or input is `bytes` long: the median of many runs.
fn speed(bytes: usize, mut work: impl FnMut()) -> f64 {
    let mut times = Vec::new();
    let start = Instant::now();
    while start.elapsed() < Duration::from_millis(400) {
        let run = Instant::now();
        work();
        times.push(run.elapsed());
    }
    times.sort();
    let median = times.get(times.len() / 2).copied().unwrap_or_default();
    #[expect(clippy::cast_precision_loss, reason = "sizes of a few hundred kilobytes")]
    let size = bytes as f64 / 1e6;
    size / median.as_secs_f64()
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let typed = records();
    let value: Value = serde_bridge::to_value(&typed)?;
    let limits = Limits::default();
    println!(
        "{:<8} {:>9}  {:>14} {:>14} {:>14} {:>14}",
        "codec", "bytes", "enc Value", "dec Value", "enc typed", "dec typed"
    );
    for codec in Codec::ALL {
        let bytes = codec.encode(&typed, &flavor::PYRO5)?;
        let mut out = Vec::with_capacity(bytes.len());
        let encode_value = speed(bytes.len(), || {
            out.clear();
            black_box(codec.encode_value_into(&value, &flavor::PYRO5, &mut out).is_ok());
        });
        let decode_value = speed(bytes.len(), || {
            black_box(codec.decode_value(&bytes, &limits).is_ok());
        });
        let encode_typed = speed(bytes.len(), || {
            out.clear();
            black_box(codec.encode_into(&typed, &flavor::PYRO5, &mut out).is_ok());
        });
        let decode_typed = speed(bytes.len(), || {
            black_box(codec.decode::<Vec<Record>>(&bytes, &limits).is_ok());
        });
        println!(
            "{:<8} {:>9}  {encode_value:>9.0} MB/s {decode_value:>9.0} MB/s {encode_typed:>9.0} MB/s {decode_typed:>9.0} MB/s",
            codec.name(),
            bytes.len()
        );
    }
    Ok(())
}

//! How many times a call allocates, counted: both ends of the connection together, on one thread.
//!
//! `cargo test -p ferropyro --test allocations -- --nocapture` prints the table that `bench/README.md` quotes.
//! Counts repeat exactly, so that they are a test as well as a benchmark.

use std::future::IntoFuture;

use allocation_counter::measure;
use ferropyro::server::Signature;
use ferropyro::{AnyProxy, Client, Codec, Daemon, Dialect, Limits, args, remote};
use ferropyro_value::call::{Call, Typed, encode_call_with};
use serde::{Deserialize, Serialize};
use tokio::runtime::{Builder, Runtime};

/// How many calls are counted together: what happens once in a while counts little.
const CALLS: u64 = 200;

#[remote]
trait Bench {
    async fn add(&self, a: i64, b: i64) -> i64;
    async fn echo(&self, text: String) -> String;
    async fn records(&self, records: Vec<Record>) -> u64;
}

#[derive(Clone, Serialize, Deserialize)]
struct Record {
    id: u64,
    name: String,
    score: f64,
}

struct Bencher;

impl Bench for Bencher {
    async fn add(&self, a: i64, b: i64) -> i64 {
        a + b
    }

    async fn echo(&self, text: String) -> String {
        text
    }

    async fn records(&self, records: Vec<Record>) -> u64 {
        records.iter().map(|record| record.id).sum()
    }
}

/// Allocations of one call, of many in a row.
fn per_call<F: IntoFuture<Output: Sized>>(runtime: &Runtime, mut call: impl FnMut() -> F) -> f64 {
    let mut many = |times| {
        runtime.block_on(async {
            for _ in 0..times {
                drop(call().await);
            }
        });
    };
    // Buffers grow to their size, and stay.
    many(50);
    let counted = measure(|| many(CALLS));
    #[expect(clippy::cast_precision_loss, reason = "they are few")]
    let each = counted.count_total as f64 / CALLS as f64;
    each
}

fn records() -> Vec<Record> {
    (0..10).map(|id| Record { id, name: format!("record number {id}"), score: 0.5 }).collect()
}

fn served() -> (Runtime, Daemon, BenchProxy) {
    let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
    let (daemon, proxy) = runtime.block_on(async {
        let daemon = Daemon::bind("127.0.0.1:0").await.expect("the daemon binds");
        let own: BenchProxy = daemon.serve("bench", Bencher).expect("the id is free");
        let proxy: BenchProxy = Client::new().lookup(own.uri()).await.expect("it is there");
        (daemon, proxy)
    });
    (runtime, daemon, proxy)
}

#[test]
fn a_typed_call_allocates_what_its_types_need() {
    let (runtime, _daemon, proxy) = served();
    println!("allocations a call, both ends    typed  untyped");
    for codec in [Codec::Msgpack, Codec::Serpent] {
        let proxy = proxy.with_codec(codec);
        let any: &AnyProxy = &proxy;
        let typed = per_call(&runtime, || proxy.add(1, 2));
        let untyped = per_call(&runtime, || any.call("add", args![1, 2]));
        println!("{codec:<10} add(int, int)        {typed:>6.2}   {untyped:>6.2}");
        // The frame's payload, once at each end.
        assert!(typed <= 2.05, "{codec}: {typed}");
        let nothing = typed;
        assert!(typed < untyped, "{codec}");
        // The argument, once at each end, and the result, once at each end: on its way through the object it is
        // the same string.
        let text = "a text of some length, beyond any inline room".to_owned();
        let typed = per_call(&runtime, || proxy.echo(text.clone()));
        let untyped = per_call(&runtime, || any.call("echo", args![&*text]));
        println!("{codec:<10} echo(str)            {typed:>6.2}   {untyped:>6.2}");
        assert!(typed - nothing <= 3.05, "{codec}: {typed} and {nothing}");
        let given = records();
        let typed = per_call(&runtime, || proxy.records(given.clone()));
        let untyped = per_call(&runtime, || {
            any.call("records", vec![ferropyro::to_value(&given).expect("it is data")])
        });
        println!("{codec:<10} records(10 records)  {typed:>6.2}   {untyped:>6.2}");
        // A list and ten names, at each end; the list grows where its length is not said. Serpent's decoder keeps
        // what it finds out about nested brackets, once for finding the method and once for the arguments.
        let needed = if codec == Codec::Serpent { 2.0 * 11.0 + 10.0 } else { 2.0 * 11.0 };
        assert!(typed - nothing <= needed + 0.05, "{codec}: {typed} and {nothing}");
    }
}

#[test]
fn arguments_and_results_pass_without_a_value_in_between() {
    let signature = Signature::new("add", &["a", "b"], &[]);
    for codec in Codec::ALL {
        let flavor = Dialect::Pyro5.flavor();
        let mut payload = Vec::with_capacity(1024);
        let arguments = Typed { attribute: None, positional: &(1_i64, 2_i64), keyword: None };
        let encoding = measure(|| {
            encode_call_with(codec, flavor, "object", "add", &arguments, &mut payload).expect("it encodes");
        });
        assert_eq!(encoding.count_total, 0, "{codec}: arguments");
        let call = Call::skim(codec, payload.into(), &Limits::default()).expect("it is a call");
        let decoding = measure(|| {
            let bound = call.arguments().bind::<(i64, i64), ()>(&signature, 0).expect("they fit");
            assert_eq!(bound.0, (1, 2));
        });
        assert_eq!(decoding.count_total, 0, "{codec}: arguments");
        let mut out = Vec::with_capacity(1024);
        let encoding = measure(|| codec.encode_whole_into(&3_i64, flavor, &mut out).expect("it encodes"));
        assert_eq!(encoding.count_total, 0, "{codec}: results");
        let payload = bytes::Bytes::from(out);
        let decoding = measure(|| {
            let result: i64 = codec.decode_whole(&payload, &Limits::default()).expect("it is an int");
            assert_eq!(result, 3);
        });
        assert_eq!(decoding.count_total, 0, "{codec}: results");
        // For comparison: what a value in between would cost.
        let values = measure(|| drop(call.arguments().values().expect("they are values")));
        assert!(values.count_total > 0, "{codec}");
    }
}

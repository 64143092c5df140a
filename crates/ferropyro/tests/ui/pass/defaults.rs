//! Parameters that callers may leave out.

use std::collections::BTreeMap;

use ferropyro::remote;

/// What a greeting costs if nobody says.
const PRICE: u32 = 3;

#[remote]
pub trait Cafe {
    /// The default of `tip` depends on a parameter before it.
    async fn order(
        &self,
        what: String,
        #[default(PRICE)] price: u32,
        #[default(price / 10)] tip: u32,
    ) -> String;

    /// All may be left out.
    fn list(
        &self,
        #[default] filter: Option<String>,
        #[default(String::from("name"))] by: String,
        #[default(vec![1, 2])] pages: Vec<u32>,
        #[default] extra: BTreeMap<String, bool>,
    ) -> String;

    /// A default may be as long as it needs to be.
    async fn sum(
        &self,
        #[default((1..=4).collect())] numbers: Vec<i64>,
        #[default({ let first = numbers.first(); first.copied().unwrap_or_default() })] from: i64,
    ) -> i64;
}

struct Corner;

impl Cafe for Corner {
    async fn order(&self, what: String, price: u32, tip: u32) -> String {
        format!("{what} {price} {tip}")
    }

    fn list(
        &self,
        filter: Option<String>,
        by: String,
        pages: Vec<u32>,
        extra: BTreeMap<String, bool>,
    ) -> String {
        format!("{filter:?} {by} {pages:?} {extra:?}")
    }

    async fn sum(&self, numbers: Vec<i64>, from: i64) -> i64 {
        numbers.iter().sum::<i64>() - from
    }
}

#[test]
fn a_default_may_use_the_parameters_before_it() -> ferropyro::Result<()> {
    let cafe = CafeProxy::local(Corner);
    assert_eq!(cafe.order("tea").wait()?, "tea 3 0");
    assert_eq!(cafe.order("tea").arg("price", 40).wait()?, "tea 40 4");
    assert_eq!(cafe.order("tea").arg("tip", 1).wait()?, "tea 3 1");
    assert_eq!(cafe.list().wait()?, "None name [1, 2] {}");
    assert_eq!(cafe.list().arg("filter", "x").wait()?, "Some(\"x\") name [1, 2] {}");
    assert_eq!(cafe.sum().wait()?, 9);
    Ok(())
}

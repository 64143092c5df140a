//! [`Till`]: a type with methods of its own, without a trait.

use std::collections::BTreeMap;

use ferropyro::remote;

/// What its remote methods are is said on the `impl`.
#[derive(Debug)]
pub(crate) struct Till {
    currency: &'static str,
}

#[remote]
impl Till {
    pub fn new() -> Self {
        Self { currency: "EUR" }
    }

    pub async fn deposit(&self, balance: i64, #[default(1)] amount: i64) -> i64 {
        balance + amount
    }

    /// What coins are worth together: how many there are of each.
    pub fn count(&self, coins: BTreeMap<String, i64>) -> i64 {
        coins.into_iter().map(|(value, number)| value.parse::<i64>().unwrap_or_default() * number).sum()
    }

    #[attr]
    pub async fn currency(&self) -> String {
        self.audit()
    }

    /// Out of reach.
    #[skip]
    #[expect(dead_code, reason = "nobody gets at it, here neither")]
    pub fn audited(&self) -> String {
        self.audit()
    }

    /// Out of reach, too.
    fn audit(&self) -> String {
        self.currency.to_owned()
    }
}

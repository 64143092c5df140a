//! Two banks, found by the beginning of their names. They offer the same, and differ in one thing: whether an
//! account may be overdrawn.
//!
//! Names and errors are those of the banks that come with Pyro, so that a Pyro5 program needs no changes here:
//!
//! ```python
//! bank = Pyro5.api.Proxy("PYRONAME:example.banks.abn")
//! bank.createAccount("Suzy")
//! bank.withdraw("Suzy", 5.0)          # ValueError: insufficient balance
//! ```

use std::collections::BTreeMap;
use std::error::Error;
use std::sync::Mutex;

use ferropyro::{CallError, Client, Daemon, RemoteError, remote};
use ferropyro_ns::NameServer;

/// A bank with an account for each customer.
#[remote]
pub trait Bank {
    /// What the bank calls itself.
    async fn name(&self) -> String;
    /// Opens an account with nothing on it.
    #[name("createAccount")]
    async fn create_account(&self, name: String) -> Result<(), BankError>;
    /// Closes an account, whatever is on it.
    #[name("deleteAccount")]
    async fn delete_account(&self, name: String) -> Result<(), BankError>;
    /// Puts money on an account.
    async fn deposit(&self, name: String, amount: f64) -> Result<(), BankError>;
    /// Takes money from an account.
    async fn withdraw(&self, name: String, amount: f64) -> Result<(), BankError>;
    /// What is on an account.
    async fn balance(&self, name: String) -> Result<f64, BankError>;
    /// All customers, and what they have.
    #[name("allAccounts")]
    async fn all_accounts(&self) -> BTreeMap<String, f64>;
}

/// Why a bank does not do what it is asked.
///
/// A Rust caller gets this very type back; for a Python caller it is an exception of the class named here.
#[derive(Debug, thiserror::Error, RemoteError)]
pub enum BankError {
    /// The customer has an account already.
    #[error("account already exists")]
    #[exception("ValueError")]
    Exists,
    /// The customer has none.
    #[error("unknown account")]
    #[exception("KeyError")]
    Unknown,
    /// There is less on the account than was asked for. Fields are attributes of the exception in Python.
    #[error("insufficient balance")]
    #[exception("ValueError")]
    Insufficient {
        /// How much is missing.
        missing: f64,
    },
}

struct House {
    name: &'static str,
    overdraft: bool,
    accounts: Mutex<BTreeMap<String, f64>>,
}

impl House {
    fn new(name: &'static str, overdraft: bool) -> Self {
        Self { name, overdraft, accounts: Mutex::default() }
    }

    /// Does something to an account. Several customers may be in the bank at once: methods take `&self`, and
    /// the lock is the bank's own affair.
    fn with<T>(
        &self,
        name: &str,
        act: impl FnOnce(&mut f64) -> Result<T, BankError>,
    ) -> Result<T, BankError> {
        act(self.accounts.lock().unwrap().get_mut(name).ok_or(BankError::Unknown)?)
    }
}

impl Bank for House {
    async fn name(&self) -> String {
        self.name.to_owned()
    }

    async fn create_account(&self, name: String) -> Result<(), BankError> {
        let mut accounts = self.accounts.lock().unwrap();
        if accounts.contains_key(&name) {
            return Err(BankError::Exists);
        }
        accounts.insert(name, 0.0);
        Ok(())
    }

    async fn delete_account(&self, name: String) -> Result<(), BankError> {
        self.accounts.lock().unwrap().remove(&name).map(drop).ok_or(BankError::Unknown)
    }

    async fn deposit(&self, name: String, amount: f64) -> Result<(), BankError> {
        self.with(&name, |balance| {
            *balance += amount;
            Ok(())
        })
    }

    async fn withdraw(&self, name: String, amount: f64) -> Result<(), BankError> {
        self.with(&name, |balance| {
            if !self.overdraft && amount > *balance {
                return Err(BankError::Insufficient { missing: amount - *balance });
            }
            *balance -= amount;
            Ok(())
        })
    }

    async fn balance(&self, name: String) -> Result<f64, BankError> {
        self.with(&name, |balance| Ok(*balance))
    }

    async fn all_accounts(&self) -> BTreeMap<String, f64> {
        self.accounts.lock().unwrap().clone()
    }
}

async fn do_business(customer: &str, bank: &BankProxy) -> ferropyro::Result<()> {
    println!("{customer} at {}:", bank.name().await?);
    bank.create_account(customer).await?;
    bank.deposit(customer, 200.0).await?;
    bank.deposit(customer, 500.75).await?;
    bank.withdraw(customer, 400.0).await?;
    println!("  has {:.2}", bank.balance(customer).await?);
    // What the bank itself refuses comes as its own error type; all other failures end the story with `?`.
    match bank.withdraw(customer, 400.0).await {
        Ok(()) => println!("  overdraws"),
        Err(CallError::Remote(BankError::Insufficient { missing })) => {
            println!("  cannot overdraw, {missing:.2} are missing");
        }
        Err(other) => return Err(other.into()),
    }
    println!("  has {:.2} in the end", bank.balance(customer).await?);
    if let Err(refused) = bank.withdraw("nobody", 2222.22).await {
        println!("  cannot take the money of nobody: {refused}");
    }
    Ok(())
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let name_server = NameServer::builder().host("127.0.0.1").port(0).start().await?;
    // Without this, a client looks for the name server at `localhost:9090`, or where `PYRO_NS_HOST` says.
    let client = Client::builder().name_server(name_server.location().clone()).build();
    let names = client.name_server().await?;

    let daemon = Daemon::bind("127.0.0.1:0").await?;
    let rabobank: BankProxy = daemon.serve("rabobank", House::new("Rabobank", true))?;
    let abn: BankProxy = daemon.serve("abn", House::new("ABN", false))?;
    names.register("example.banks.rabobank", rabobank.uri()).await?;
    names.register("example.banks.abn", abn.uri()).await?;

    // The customers know neither which banks there are nor where.
    let mut banks = Vec::new();
    for found in names.list_prefix("example.banks.").await? {
        let bank: BankProxy = client.lookup(found.uri()?).await?;
        do_business("Irmen", &bank).await?;
        do_business("Suzy", &bank).await?;
        banks.push(bank);
    }
    for bank in &banks {
        println!("accounts at {}: {:?}", bank.name().await?, bank.all_accounts().await?);
    }
    Ok(())
}

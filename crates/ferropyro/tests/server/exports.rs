//! Typed objects that export others while they are called.

use ferropyro::{Client, Daemon, Exception, context, remote};

#[remote]
trait Account {
    async fn owner(&self) -> String;
}

#[remote]
trait Bank {
    async fn open(&self, owner: String) -> Result<AccountProxy, Exception>;
    fn open_slowly(&self, owner: String) -> Result<AccountProxy, Exception>;
}

struct Savings(String);

impl Account for Savings {
    async fn owner(&self) -> String {
        self.0.clone()
    }
}

struct Branch;

fn open(owner: String) -> Result<AccountProxy, Exception> {
    let daemon = context().and_then(|context| context.daemon());
    let daemon = daemon.ok_or_else(|| Exception::new("RuntimeError", "no daemon serves this"))?;
    Ok(daemon.export(Savings(owner))?)
}

impl Bank for Branch {
    async fn open(&self, owner: String) -> Result<AccountProxy, Exception> {
        open(owner)
    }

    fn open_slowly(&self, owner: String) -> Result<AccountProxy, Exception> {
        open(owner)
    }
}

#[test]
fn a_method_exports_an_object_on_the_daemon_that_serves_it() {
    let daemon = Daemon::bind("127.0.0.1:0").wait().expect("the daemon binds");
    let own: BankProxy = daemon.serve("bank", Branch).expect("the id is free");
    let remote: BankProxy = Client::new().lookup(own.uri()).wait().expect("it has an address");
    for bank in [own, remote] {
        for account in [bank.open("Ann").wait(), bank.open_slowly("Ann").wait()] {
            let account = account.expect("the account is opened");
            assert_eq!(account.uri().location(), Some(daemon.location()));
            assert_eq!(account.owner().wait().expect("it is reached"), "Ann");
        }
    }
    daemon.shutdown();
    daemon.run().wait().expect("no handle of a method keeps it running");
}

#[test]
fn a_method_of_an_object_without_a_daemon_finds_none() {
    let error = BankProxy::local(Branch).open("Ann").wait().expect_err("there is no daemon");
    assert_eq!(error.exception().map(Exception::message).as_deref(), Some("no daemon serves this"));
}

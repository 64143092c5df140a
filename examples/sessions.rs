//! Users who log in: who may connect is decided once, at the handshake; each session has an object of its own; and
//! every call knows whose it is.
//!
//! A Pyro5 program says who it is in the same way:
//!
//! ```python
//! pad = Pyro5.api.Proxy("PYRO:example.usersession@…")
//! pad._pyroHandshake = ("ann", "apple")
//! pad.store("number", 42)                     # connects, and is refused here if the password is wrong
//! Pyro5.api.current_context.annotations = {"FROM": b"the kitchen"}
//! ```
//!
//! A password in the clear is for networks that you trust, or for connections that are encrypted by other means.

use std::collections::{BTreeMap, HashMap};
use std::error::Error;
use std::sync::{Arc, Mutex};

use ferropyro::server::Handshake;
use ferropyro::{CallError, Client, Daemon, Instances, RemoteError, Value, context, from_value, remote};
use tokio::sync::mpsc;

const USERS: [(&str, &str); 2] = [("ann", "apple"), ("bob", "banana")];

/// A few values that are kept as long as the session lasts.
#[remote]
pub trait Pad {
    /// Whose pad this is.
    async fn owner(&self) -> String;
    /// Keeps a value.
    async fn store(&self, key: String, value: i64);
    /// Gives a value that was kept.
    async fn retrieve(&self, key: String) -> Result<i64, PadError>;
}

/// Why there is no value, or no pad.
#[derive(Debug, thiserror::Error, RemoteError)]
pub enum PadError {
    /// Nothing was stored under the key.
    #[error("nothing is stored under {0:?}")]
    #[exception("KeyError")]
    NoSuchKey(String),
    /// Whoever calls has not been through the handshake, such as code of the server's own program.
    #[error("nobody is logged in")]
    #[exception("PermissionError")]
    NotLoggedIn,
}

/// Who is at the other end of each connection.
#[derive(Default)]
struct LoggedIn {
    users: Mutex<HashMap<u64, String>>,
}

impl LoggedIn {
    /// Judges a client that introduces itself; what is given here is what the client gets for an answer.
    fn validate(&self, handshake: &Handshake<'_>) -> Result<Value, String> {
        // Anything may come from the network: a text, a list, nothing.
        let login = from_value::<(String, String)>(handshake.data.clone());
        let (user, password) = login.map_err(|_| "say who you are: a user and a password")?;
        if !USERS.contains(&(&*user, &*password)) {
            return Err("wrong user or password".to_owned());
        }
        let greeting = format!("hello {user}");
        self.users.lock().unwrap().insert(handshake.session, user);
        Ok(greeting.into())
    }

    fn user(&self, session: u64) -> Option<String> {
        self.users.lock().unwrap().get(&session).cloned()
    }

    fn log_out(&self, session: u64) -> Option<String> {
        self.users.lock().unwrap().remove(&session)
    }
}

/// The pad of one session.
struct SessionPad {
    owner: String,
    values: Mutex<BTreeMap<String, i64>>,
}

impl SessionPad {
    /// Made at the first call of a session, inside that call.
    fn for_caller(users: &LoggedIn) -> Result<Self, PadError> {
        let owner = context().and_then(|call| users.user(call.session())).ok_or(PadError::NotLoggedIn)?;
        Ok(Self { owner, values: Mutex::default() })
    }
}

impl Pad for SessionPad {
    async fn owner(&self) -> String {
        self.owner.clone()
    }

    async fn store(&self, key: String, value: i64) {
        let kept = {
            let mut values = self.values.lock().unwrap();
            values.insert(key.clone(), value);
            values.len()
        };
        let Some(call) = context() else { return };
        // Annotations travel beside the arguments: what is about the call, and not for the method.
        let from =
            call.annotations().get(*b"FROM").map_or("somewhere".into(), |from| String::from_utf8_lossy(from));
        println!(
            "  ({} stores {key} = {value} from {from}, {}, {})",
            self.owner,
            call.dialect(),
            call.codec()
        );
        call.annotate_response(*b"KEPT", kept.to_string());
    }

    async fn retrieve(&self, key: String) -> Result<i64, PadError> {
        self.values.lock().unwrap().get(&key).copied().ok_or(PadError::NoSuchKey(key))
    }
}

/// A proxy whose connections log in as this user.
async fn log_in(uri: &str, user: &str, password: &str) -> ferropyro::Result<PadProxy> {
    Client::builder().handshake((user, password)).build().lookup(uri).await
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let users = Arc::new(LoggedIn::default());
    let (judge, farewell) = (Arc::clone(&users), Arc::clone(&users));
    let (left, mut leaving) = mpsc::unbounded_channel();
    let daemon = Daemon::builder()
        .listen("127.0.0.1:0")
        .validator(move |handshake| judge.validate(handshake))
        .on_disconnect(move |gone| {
            // Nobody may be waiting to hear of it.
            let _ = left.send(farewell.log_out(gone.session));
        })
        .bind()
        .await?;
    let pads = Instances::try_per_session(move || SessionPad::for_caller(&users));
    let served: PadProxy = daemon.serve("example.usersession", pads)?;
    let uri = served.uri().to_string();

    for (user, password) in [("ann", "pear"), ("eve", "apple")] {
        match log_in(&uri, user, password).await?.owner().await {
            Err(CallError::Refused { reason, .. }) => println!("{user} with {password:?}: {reason}"),
            other => println!("{user} with {password:?}: {other:?}"),
        }
    }

    let ann = log_in(&uri, "ann", "apple").await?;
    let bob = log_in(&uri, "bob", "banana").await?;
    println!("the daemon says: {}", ann.handshake_response().await?.as_str().unwrap_or_default());
    ann.store("number", 42).annotate(*b"FROM", "the kitchen").await?;
    let ((), kept) = bob.store("number", 43).with_annotations().await?;
    let kept = kept.get(*b"KEPT").map(|kept| String::from_utf8_lossy(kept)).unwrap_or_default();
    println!("bob keeps {kept} value");
    for pad in [&ann, &bob] {
        println!("{} has {}", pad.owner().await?, pad.retrieve("number").await?);
    }

    // Clones share the connection, and with it the session. A fork is another session of the same user.
    println!("a clone of ann's proxy finds {}", ann.clone().retrieve("number").await?);
    if let Err(CallError::Remote(missing)) = ann.fork().retrieve("number").await {
        println!("a fork of it: {missing}");
    }
    println!("the fork is gone: {}", leaving.recv().await.flatten().unwrap_or_default());

    ann.release();
    println!("ann's connection is closed: {}", leaving.recv().await.flatten().unwrap_or_default());
    if let Err(CallError::Remote(missing)) = ann.retrieve("number").await {
        println!("ann, connected anew: {missing}");
    }
    if let Err(refused) = served.owner().await {
        println!("the server's own program: {refused}");
    }
    Ok(())
}

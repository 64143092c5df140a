//! A chat box: rooms, people who come and go, and people who are gone without a word.
//!
//! The box calls everybody in a room at once and waits for all of them, so that one who is slow holds up nobody
//! for longer than [`PATIENCE`], and one who cannot be reached is noticed.
//!
//! A Pyro5 program takes part with an object that it has registered with its daemon:
//!
//! ```python
//! box = Pyro5.api.Proxy("PYRONAME:example.chatbox.server")
//! box.join("tea room", "Guido", chatter)              # chatter.message(nick, msg) is called
//! box.publish("tea room", "Guido", "hello")
//! ```

use std::collections::BTreeMap;
use std::error::Error;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use ferropyro::{CallError, Client, Daemon, RemoteError, remote};
use tokio::task::JoinSet;

/// How long one may take to hear something before he counts as gone.
const PATIENCE: Duration = Duration::from_secs(2);

/// Rooms full of people.
#[remote]
pub trait ChatBox {
    /// The rooms that there are.
    #[name("getChannels")]
    async fn channels(&self) -> Vec<String>;
    /// All people in all rooms.
    #[name("getNicks")]
    async fn nicks(&self) -> Vec<String>;
    /// Enters a room, which is made if there is none; gives who is in it.
    async fn join(
        &self,
        channel: String,
        nick: String,
        callback: ChatterProxy,
    ) -> Result<Vec<String>, ChatError>;
    /// Leaves a room, which is gone with the last.
    async fn leave(&self, channel: String, nick: String);
    /// Says something in a room.
    async fn publish(&self, channel: String, nick: String, msg: String);
}

/// One who hears what is said.
#[remote]
pub trait Chatter {
    /// Somebody said something.
    async fn message(&self, nick: String, msg: String);
}

/// Why somebody is not let in.
#[derive(Debug, thiserror::Error, RemoteError)]
#[exception("ValueError")]
pub enum ChatError {
    /// Rooms and people have names.
    #[error("invalid channel or nick name")]
    Invalid,
    /// Somebody else has the name.
    #[error("this nick is already in use")]
    Taken,
}

#[derive(Default)]
struct Rooms {
    rooms: Mutex<BTreeMap<String, Vec<(String, ChatterProxy)>>>,
}

impl Rooms {
    fn remove(&self, channel: &str, nick: &str) {
        let mut rooms = self.rooms.lock().unwrap();
        let Some(people) = rooms.get_mut(channel) else { return };
        people.retain(|(other, _)| other != nick);
        if people.is_empty() {
            rooms.remove(channel);
        }
    }

    /// Tells everybody in a room; gives those who did not hear it.
    async fn deliver(&self, channel: &str, nick: &str, msg: &str) -> Vec<String> {
        let people = self.rooms.lock().unwrap().get(channel).cloned().unwrap_or_default();
        let mut calls = JoinSet::new();
        for (name, chatter) in people {
            // A call is a value that owns its arguments: it can be made here and awaited in a task.
            let call = chatter.message(nick, msg).timeout(PATIENCE);
            calls.spawn(async move { call.await.err().map(|_| name) });
        }
        calls.join_all().await.into_iter().flatten().collect()
    }

    /// Tells everybody in a room, and those who remain of those who are gone.
    async fn tell(&self, channel: &str, nick: &str, msg: &str) {
        let mut news = vec![(nick.to_owned(), msg.to_owned())];
        while let Some((nick, msg)) = news.pop() {
            for gone in self.deliver(channel, &nick, &msg).await {
                self.remove(channel, &gone);
                news.push(("SERVER".to_owned(), format!("** {gone} is gone **")));
            }
        }
    }
}

impl ChatBox for Rooms {
    async fn channels(&self) -> Vec<String> {
        self.rooms.lock().unwrap().keys().cloned().collect()
    }

    async fn nicks(&self) -> Vec<String> {
        self.rooms.lock().unwrap().values().flatten().map(|(nick, _)| nick.clone()).collect()
    }

    async fn join(
        &self,
        channel: String,
        nick: String,
        callback: ChatterProxy,
    ) -> Result<Vec<String>, ChatError> {
        if channel.is_empty() || nick.is_empty() {
            return Err(ChatError::Invalid);
        }
        let people = {
            let mut rooms = self.rooms.lock().unwrap();
            if rooms.values().flatten().any(|(other, _)| *other == nick) {
                return Err(ChatError::Taken);
            }
            let room = rooms.entry(channel.clone()).or_default();
            room.push((nick.clone(), callback));
            room.iter().map(|(nick, _)| nick.clone()).collect()
        };
        self.tell(&channel, "SERVER", &format!("** {nick} joined **")).await;
        Ok(people)
    }

    async fn leave(&self, channel: String, nick: String) {
        self.remove(&channel, &nick);
        self.tell(&channel, "SERVER", &format!("** {nick} left **")).await;
    }

    async fn publish(&self, channel: String, nick: String, msg: String) {
        self.tell(&channel, &nick, &msg).await;
    }
}

/// Writes down what it hears.
#[derive(Default)]
struct Notebook {
    lines: Mutex<Vec<String>>,
}

impl Chatter for Notebook {
    async fn message(&self, nick: String, msg: String) {
        self.lines.lock().unwrap().push(format!("<{nick}> {msg}"));
    }
}

/// A client: what it calls the box with, and the daemon where it is called back.
struct Person {
    nick: &'static str,
    chat: ChatBoxProxy,
    daemon: Daemon,
    heard: Arc<Notebook>,
}

impl Person {
    async fn enter(
        chat: &ChatBoxProxy,
        channel: &str,
        nick: &'static str,
    ) -> Result<Self, CallError<ChatError>> {
        // A connection of its own, as if each person were a program.
        let chat: ChatBoxProxy = Client::new().lookup(chat.uri()).await?;
        let daemon = Daemon::bind("127.0.0.1:0").await?;
        let heard = Arc::new(Notebook::default());
        let chatter: ChatterProxy = daemon.export(Arc::clone(&heard))?;
        let people = chat.join(channel, nick, &chatter).await?;
        println!("{nick} enters the {channel}, where there are now: {}", people.join(", "));
        Ok(Self { nick, chat, daemon, heard })
    }

    async fn say(&self, channel: &str, msg: &str) -> ferropyro::Result<()> {
        println!("{} says {msg:?} in the {channel}", self.nick);
        Ok(self.chat.publish(channel, self.nick, msg).await?)
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let daemon = Daemon::bind("127.0.0.1:0").await?;
    let chat: ChatBoxProxy = daemon.serve("example.chatbox.server", Rooms::default())?;

    let ann = Person::enter(&chat, "tea room", "Ann").await?;
    let bob = Person::enter(&chat, "tea room", "Bob").await?;
    let eve = Person::enter(&chat, "cellar", "Eve").await?;
    if let Err(CallError::Remote(refused)) = Person::enter(&chat, "cellar", "Bob").await {
        println!("A second Bob is not let in: {refused}");
    }
    ann.say("tea room", "Good morning").await?;
    bob.say("tea room", "Tea?").await?;
    eve.say("cellar", "Nobody here").await?;

    println!("Bob's program ends");
    bob.daemon.shutdown();
    bob.daemon.run().await?;
    ann.say("tea room", "With milk, please").await?;
    println!("Eve leaves");
    eve.chat.leave("cellar", eve.nick).await?;

    println!("Rooms: {}; people: {}", chat.channels().await?.join(", "), chat.nicks().await?.join(", "));
    for person in [&ann, &bob, &eve] {
        println!("{} heard:", person.nick);
        for line in &*person.heard.lines.lock().unwrap() {
            println!("  {line}");
        }
    }
    Ok(())
}

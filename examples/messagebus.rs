//! A message bus: those who publish and those who subscribe know the bus, and not each other.
//!
//! Each subscription has a queue and a task that delivers from it, so that a slow subscriber holds up nobody: what
//! piled up meanwhile comes in one call. One whose queue is full is struck off; so is one that is gone, and of that
//! the bus tells on a topic of its own.
//!
//! The messages are those of the bus that comes with Pyro, whose publishers and subscribers fit:
//!
//! ```python
//! bus = Pyro5.api.Proxy("PYRONAME:Pyro.MessageBus")
//! bus.subscribe("weather", subscriber)        # subscriber.incoming_messages(topic, messages) is called
//! bus.send("weather", ("Amsterdam", "sunny"))
//! ```

use std::collections::BTreeMap;
use std::error::Error;
use std::sync::{Arc, Mutex, Weak};
use std::time::Duration;

use ferropyro::{Client, Daemon, DateTime, Uuid, Value, literal, python_class, remote};
use jiff::Timestamp;
use jiff::tz::Offset;
use tokio::sync::{Semaphore, mpsc};

/// How many messages may wait for a subscriber.
const ROOM: usize = 1000;
/// How long a subscriber may take for what it is given.
const PATIENCE: Duration = Duration::from_secs(10);
/// The topic on which the bus itself speaks: of subscribers that are gone.
const LOST: &str = "bus.lost";

/// Passes messages on.
#[remote]
pub trait MessageBus {
    /// The topics that there are.
    async fn topics(&self) -> Vec<String>;
    /// Makes a topic. One that somebody subscribes to is made by that.
    async fn add_topic(&self, topic: String);
    /// Publishes any data on a topic; done when the bus has it, not when the subscribers do.
    async fn send(&self, topic: String, message: Value);
    /// Sends a topic's messages to the subscriber from now on.
    async fn subscribe(&self, topic: String, subscriber: SubscriberProxy);
    /// Sends them no longer. What is under way still comes.
    async fn unsubscribe(&self, topic: String, subscriber: SubscriberProxy);
}

/// Gets messages.
#[remote]
pub trait Subscriber {
    /// All that has come since the last time.
    async fn incoming_messages(&self, topic: String, messages: Vec<Message>);
}

/// What was published, and when. Python gets the class that its own bus uses.
#[python_class("Pyro5.utils.messagebus.message")]
#[derive(Clone, Debug)]
pub struct Message {
    /// Tells messages apart.
    pub msgid: String,
    /// When it was published, in UTC.
    pub created: DateTime,
    /// Whatever the publisher sent.
    pub data: Value,
}

struct Subscription {
    subscriber: SubscriberProxy,
    queue: mpsc::Sender<Message>,
}

#[derive(Default)]
struct Topics {
    subscriptions: Mutex<BTreeMap<String, Vec<Subscription>>>,
}

impl Topics {
    fn publish(&self, topic: &str, data: Value) {
        let created = DateTime { civil: Offset::UTC.to_datetime(Timestamp::now()), offset: None };
        let message = Message { msgid: Uuid::new_v4().to_string(), created, data };
        if let Some(subscriptions) = self.subscriptions.lock().unwrap().get_mut(topic) {
            // A subscriber whose queue is full is struck off. What is in the queue still comes.
            subscriptions.retain(|subscription| subscription.queue.try_send(message.clone()).is_ok());
        }
    }

    fn forget(&self, topic: &str, subscriber: &SubscriberProxy) {
        if let Some(subscriptions) = self.subscriptions.lock().unwrap().get_mut(topic) {
            subscriptions.retain(|subscription| subscription.subscriber != *subscriber);
        }
    }

    /// Delivers to one subscriber what is published on a topic, until either is gone.
    async fn deliver(
        topics: Weak<Self>,
        topic: String,
        to: SubscriberProxy,
        mut queue: mpsc::Receiver<Message>,
    ) {
        let mut waiting = Vec::new();
        while queue.recv_many(&mut waiting, ROOM).await > 0 {
            let delivery = to.incoming_messages(&topic, std::mem::take(&mut waiting)).timeout(PATIENCE);
            if delivery.await.is_err() {
                let Some(topics) = topics.upgrade() else { return };
                topics.forget(&topic, &to);
                topics.publish(LOST, Value::from(format!("a subscriber of {topic}")));
                return;
            }
        }
    }
}

#[derive(Default)]
struct Bus {
    topics: Arc<Topics>,
}

impl MessageBus for Bus {
    async fn topics(&self) -> Vec<String> {
        self.topics.subscriptions.lock().unwrap().keys().cloned().collect()
    }

    async fn add_topic(&self, topic: String) {
        self.topics.subscriptions.lock().unwrap().entry(topic).or_default();
    }

    async fn send(&self, topic: String, message: Value) {
        self.topics.publish(&topic, message);
    }

    async fn subscribe(&self, topic: String, subscriber: SubscriberProxy) {
        let mut subscriptions = self.topics.subscriptions.lock().unwrap();
        let subscriptions = subscriptions.entry(topic.clone()).or_default();
        if subscriptions.iter().any(|subscription| subscription.subscriber == subscriber) {
            return;
        }
        let (queue, waiting) = mpsc::channel(ROOM);
        subscriptions.push(Subscription { subscriber: subscriber.clone(), queue });
        // The task holds no bus: with the last proxy and the daemon, the bus ends, and then its tasks do.
        tokio::spawn(Topics::deliver(Arc::downgrade(&self.topics), topic, subscriber, waiting));
    }

    async fn unsubscribe(&self, topic: String, subscriber: SubscriberProxy) {
        self.topics.forget(&topic, &subscriber);
    }
}

/// Puts what comes into a channel, for the program to take when it likes; and does not say that it is done before
/// the gate is open.
struct Inbox {
    messages: mpsc::UnboundedSender<Vec<Message>>,
    gate: Arc<Semaphore>,
}

impl Subscriber for Inbox {
    async fn incoming_messages(&self, _topic: String, messages: Vec<Message>) {
        // The program may have stopped to read its messages.
        let _ = self.messages.send(messages);
        let _ = self.gate.acquire().await;
    }
}

/// A program that subscribes.
struct Reader {
    daemon: Daemon,
    messages: mpsc::UnboundedReceiver<Vec<Message>>,
}

impl Reader {
    async fn subscribe(bus: &MessageBusProxy, topic: &str, gate: &Arc<Semaphore>) -> ferropyro::Result<Self> {
        let (sender, messages) = mpsc::unbounded_channel();
        let daemon = Daemon::bind("127.0.0.1:0").await?;
        let inbox: SubscriberProxy = daemon.export(Inbox { messages: sender, gate: Arc::clone(gate) })?;
        bus.subscribe(topic, &inbox).await?;
        Ok(Self { daemon, messages })
    }

    /// What came in the next call.
    async fn next(&mut self) -> String {
        let messages = self.messages.recv().await.unwrap_or_default();
        messages.iter().map(|message| literal::repr(&message.data)).collect::<Vec<_>>().join(" ")
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let daemon = Daemon::bind("127.0.0.1:0").await?;
    let served: MessageBusProxy = daemon.serve("Pyro.MessageBus", Bus::default())?;
    let bus: MessageBusProxy = Client::new().lookup(served.uri()).await?;

    let (open, closed) = (Arc::new(Semaphore::new(1)), Arc::new(Semaphore::new(0)));
    let mut quick = Reader::subscribe(&bus, "weather", &open).await?;
    let mut slow = Reader::subscribe(&bus, "weather", &closed).await?;
    let gone = Reader::subscribe(&bus, "weather", &open).await?;
    let mut watch = Reader::subscribe(&bus, LOST, &open).await?;
    println!("Topics: {}", bus.topics().await?.join(", "));

    gone.daemon.shutdown();
    gone.daemon.run().await?;

    bus.send("weather", Value::from(("Amsterdam", "sunny"))).await?;
    println!("the quick one gets {}", quick.next().await);
    println!("the slow one gets {}, and thinks it over", slow.next().await);
    println!("the watch hears of {}", watch.next().await);
    for weather in ["cloudy", "storm", "hail"] {
        bus.send("weather", Value::from(("Amsterdam", weather))).await?;
        println!("the quick one gets {}", quick.next().await);
    }
    closed.add_permits(1);
    println!("the slow one gets {}", slow.next().await);
    Ok(())
}

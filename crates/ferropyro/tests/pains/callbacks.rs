//! Calls that go back: to oneself, in a circle, to the caller's own objects.

use ferropyro::{Client, Codec, Daemon, Exception, remote};

use crate::desk::{DeskProxy, Office};
use crate::limit::{in_time, within};

#[tokio::test]
async fn p4_154_a_program_calls_an_object_of_its_own_daemon() {
    let office = Office::open().await;
    // Over a connection, and directly; all on the thread that made the daemon.
    assert_eq!(within(office.proxy().await.add(1)).await.unwrap(), 1);
    assert_eq!(within(office.own.add(1)).await.unwrap(), 2);
    in_time(|| {
        let office = Office::on(Daemon::bind("127.0.0.1:0").wait().unwrap());
        let desk: DeskProxy = Client::new().lookup(office.own.uri()).wait().unwrap();
        // No request loop was begun.
        assert_eq!(desk.add(1).wait().unwrap(), 1);
        assert_eq!(office.own.add(1).wait().unwrap(), 2);
    });
}

#[remote]
trait Node {
    /// Asks `other` to ask `this`.
    async fn begin(&self, other: NodeProxy, this: NodeProxy) -> Result<String, Exception>;
    async fn pass(&self, first: NodeProxy) -> Result<String, Exception>;
    async fn end(&self) -> String;
}

struct Named(&'static str);

impl Node for Named {
    async fn begin(&self, other: NodeProxy, this: NodeProxy) -> Result<String, Exception> {
        Ok(format!("{}>{}", self.0, other.pass(this).await?))
    }

    async fn pass(&self, first: NodeProxy) -> Result<String, Exception> {
        Ok(format!("{}>{}", self.0, first.end().await?))
    }

    async fn end(&self) -> String {
        self.0.to_owned()
    }
}

#[tokio::test]
async fn p4_99_a_circle_of_calls_comes_back_to_where_it_began() {
    let (one, two) = (Daemon::bind("127.0.0.1:0").await.unwrap(), Daemon::bind("127.0.0.1:0").await.unwrap());
    let a: NodeProxy = one.serve("a", Named("a")).unwrap();
    let b: NodeProxy = two.serve("b", Named("b")).unwrap();
    // As the outermost caller sees them, and as their own daemons do.
    let client = Client::new();
    let far: NodeProxy = client.lookup(a.uri()).await.unwrap();
    assert_eq!(within(far.begin(&b, &a)).await.unwrap(), "a>b>a");
    assert_eq!(within(far.begin(&b, far.clone())).await.unwrap(), "a>b>a");
    assert_eq!(within(far.begin(&a, &a)).await.unwrap(), "a>a>a");
    assert_eq!(within(a.begin(&b, &a)).await.unwrap(), "a>b>a");
}

#[remote]
trait Server {
    /// Asks its caller's object.
    async fn ask(&self, client: DeskProxy, count: u64) -> Result<u64, Exception>;
}

struct Asking;

impl Server for Asking {
    async fn ask(&self, client: DeskProxy, count: u64) -> Result<u64, Exception> {
        Ok(client.add(count).await? + client.add(0).await?)
    }
}

#[tokio::test]
async fn p5_40_a_method_calls_its_caller_back_while_that_waits() {
    let daemon = Daemon::bind("127.0.0.1:0").await.unwrap();
    let own: ServerProxy = daemon.serve("server", Asking).unwrap();
    let server: ServerProxy = Client::new().lookup(own.uri()).await.unwrap();
    let office = Office::open().await;
    assert_eq!(within(server.ask(&office.own, 7)).await.unwrap(), 14);
}

#[tokio::test]
async fn p4_2_a_reference_travels_in_every_serializer() {
    let daemon = Daemon::bind("127.0.0.1:0").await.unwrap();
    let own: ServerProxy = daemon.serve("server", Asking).unwrap();
    let office = Office::open().await;
    for (codec, total) in Codec::ALL.into_iter().zip(1..) {
        let client = Client::builder().serializer(codec).build();
        let server: ServerProxy = client.lookup(own.uri()).await.unwrap();
        assert_eq!(within(server.ask(&office.own, 1)).await.unwrap(), 2 * total, "{codec}");
    }
}

//! A daemon made of a socket and the protocol's own server session, which does what a test tells it.

use std::sync::Arc;
use std::time::Duration;

use ferropyro::{Annotations, AnyProxy, Client, Dialect, Exception, Location, Metadata, Uri, Value};
use ferropyro_proto::{
    Callee, ConnectRequest, Invocation, ReplyHead, ServerConfig, ServerEvent, ServerSession,
};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// Accepts connections when told to.
pub(crate) struct Peer {
    listener: TcpListener,
    config: Arc<ServerConfig>,
}

/// One connection.
pub(crate) struct Connection {
    stream: TcpStream,
    session: ServerSession,
    out: Vec<u8>,
}

/// What the objects of all peers offer.
pub(crate) fn metadata() -> Metadata {
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    Metadata { methods: names(&["a", "b", "c", "note"]), oneway: names(&["note"]), attrs: names(&["motto"]) }
}

impl Peer {
    pub(crate) async fn bind() -> Self {
        Self::with_config(ServerConfig::default()).await
    }

    pub(crate) async fn with_config(config: ServerConfig) -> Self {
        Self { listener: TcpListener::bind("127.0.0.1:0").await.unwrap(), config: Arc::new(config) }
    }

    pub(crate) fn location(&self) -> Location {
        Location::tcp("127.0.0.1", self.listener.local_addr().unwrap().port())
    }

    pub(crate) fn uri(&self) -> Uri {
        Uri::object_at("thing", self.location())
    }

    pub(crate) fn proxy(&self) -> AnyProxy {
        Client::new().proxy(self.uri())
    }

    /// A connection before anything was said.
    pub(crate) async fn accept_raw(&self) -> Connection {
        let (stream, _) = self.listener.accept().await.unwrap();
        let session = ServerSession::new(Arc::clone(&self.config), Duration::ZERO);
        Connection { stream, session, out: Vec::new() }
    }

    /// A connection whose client was taken.
    pub(crate) async fn accept(&self) -> Connection {
        let mut connection = self.accept_raw().await;
        connection.take_client().await;
        connection
    }
}

impl Connection {
    /// What the client says next; nothing when it closes.
    pub(crate) async fn event(&mut self) -> Option<ServerEvent> {
        loop {
            if let Some(event) = self.session.poll(&mut self.out).unwrap() {
                return Some(event);
            }
            self.flush().await;
            if self.stream.read_buf(self.session.input()).await.unwrap_or(0) == 0 {
                return None;
            }
        }
    }

    pub(crate) async fn take_client(&mut self) {
        self.take_client_with(&metadata()).await;
    }

    pub(crate) async fn take_client_with(&mut self, metadata: &Metadata) {
        let Some(ServerEvent::Connect(request)) = self.event().await else { panic!("no handshake") };
        self.accept_request(&request, "welcome", metadata).await;
    }

    pub(crate) async fn accept_request(
        &mut self,
        request: &ConnectRequest,
        response: &str,
        metadata: &Metadata,
    ) {
        let response = Value::from(response);
        self.session.accept(request, &response, Some(metadata), &Annotations::new(), &mut self.out).unwrap();
        self.flush().await;
    }

    /// Lets the session refuse by itself what the client sends.
    pub(crate) async fn refuse_all(&mut self) {
        while self.session.poll(&mut self.out).is_ok_and(|event| event.is_none()) {
            self.stream.read_buf(self.session.input()).await.unwrap();
        }
        self.flush().await;
        self.stream.shutdown().await.unwrap();
        while self.stream.read_buf(self.session.input()).await.unwrap_or(0) > 0 {}
    }

    /// Refuses the client for a reason.
    pub(crate) async fn refuse(&mut self, reason: &str) {
        let Some(ServerEvent::Connect(request)) = self.event().await else { panic!("no handshake") };
        self.session.refuse(&request, reason, &Annotations::new(), &mut self.out).unwrap();
        self.flush().await;
        self.stream.shutdown().await.unwrap();
        while self.stream.read_buf(self.session.input()).await.unwrap_or(0) > 0 {}
    }

    pub(crate) fn dialect(&self) -> Option<Dialect> {
        self.session.dialect()
    }

    /// The next call; nothing when the client closes.
    pub(crate) async fn call(&mut self) -> Option<Invocation> {
        match self.event().await? {
            ServerEvent::Invoke(invocation) => Some(invocation),
            other => panic!("{other:?}"),
        }
    }

    /// The next call, which must be of this method.
    pub(crate) async fn expect(&mut self, method: &str) -> Invocation {
        let invocation = self.call().await.expect("a call");
        assert_eq!(invocation.callee.method(), method);
        invocation
    }

    pub(crate) async fn answer(&mut self, to: &Invocation, value: impl Into<Value>) {
        self.queue_answer(&to.head, value);
        self.flush().await;
    }

    pub(crate) fn queue_answer(&mut self, head: &ReplyHead, value: impl Into<Value>) {
        let value = value.into();
        head.result(&mut self.out, &Annotations::new(), |out, codec, flavor| {
            codec.encode_value_into(&value, flavor, out)
        })
        .unwrap();
    }

    pub(crate) async fn raise(&mut self, to: &Invocation, exception: &Exception) {
        to.head.exception(&mut self.out, &Annotations::new(), exception).unwrap();
        self.flush().await;
    }

    pub(crate) async fn stream(&mut self, to: &Invocation, id: Option<&str>) {
        to.head.stream(&mut self.out, &Annotations::new(), id).unwrap();
        self.flush().await;
    }

    pub(crate) async fn send_raw(&mut self, bytes: &[u8]) {
        self.stream.write_all(bytes).await.unwrap();
    }

    pub(crate) async fn flush(&mut self) {
        self.stream.write_all(&self.out).await.unwrap();
        self.out.clear();
    }
}

/// The positional arguments of a call.
pub(crate) fn positional(invocation: &Invocation) -> Vec<Value> {
    match &invocation.callee {
        Callee::Call(call) => call.arguments().values().unwrap().0,
        Callee::Blob(_) => panic!("a blob"),
    }
}

//! Names: what is asked of a name server of either kind, and what its answers become.

use ferropyro::{CallError, Client, Exception, Metadata, Uri, UriKind, Value};
use ferropyro_proto::Callee;

use crate::peer::{Connection, Peer, positional};

/// Methods of a name server; Pyro5's has the yellow pages.
fn metadata(yellow_pages: bool) -> Metadata {
    let mut methods: Vec<_> =
        ["lookup", "register", "list", "remove"].iter().map(|name| (*name).to_owned()).collect();
    methods.extend(yellow_pages.then(|| "yplookup".to_owned()));
    Metadata { methods, ..Metadata::default() }
}

async fn accept(peer: &Peer, yellow_pages: bool) -> Connection {
    let mut connection = peer.accept_raw().await;
    connection.take_client_with(&metadata(yellow_pages)).await;
    connection
}

fn keyword(invocation: &ferropyro_proto::Invocation, name: &str) -> Option<Value> {
    let Callee::Call(call) = &invocation.callee else { panic!("a blob") };
    call.arguments().values().unwrap().1.get(name).cloned()
}

#[tokio::test]
async fn a_name_is_looked_up_where_its_address_says() {
    let peer = Peer::bind().await;
    let client = Client::new();
    let server = async {
        let mut connection = accept(&peer, true).await;
        let call = connection.expect("lookup").await;
        assert_eq!(positional(&call), [Value::from("some.name")]);
        connection.answer(&call, "PYRO:obj@host:1".parse::<Uri>().unwrap()).await;
        let mut connection = accept(&peer, true).await;
        let call = connection.expect("lookup").await;
        connection.raise(&call, &Exception::new("Pyro5.errors.NamingError", "unknown name: other")).await;
    };
    let client = async {
        let uri = Uri::name("some.name", Some(peer.location()));
        let proxy = client.lookup_any(&uri).await.unwrap();
        assert_eq!(proxy.uri().to_string(), "PYRO:obj@host:1");
        let error = client.resolve(uri).await.unwrap_err();
        assert!(matches!(error.kind(), CallError::Naming(text) if text == "unknown name: other"));
    };
    tokio::join!(client, server);
}

#[tokio::test]
async fn tags_are_looked_up_in_the_words_of_each_name_server() {
    for (yellow_pages, method, word) in [(true, "yplookup", "meta_all"), (false, "list", "metadata_all")] {
        let peer = Peer::bind().await;
        let uri = Uri::meta(["t1", "t2"], Some(peer.location()));
        let server = async {
            let mut connection = accept(&peer, yellow_pages).await;
            let call = connection.expect(method).await;
            let tags = Value::List(vec!["t1".into(), "t2".into()]);
            assert_eq!(keyword(&call, word), Some(tags.clone()));
            let found: ferropyro::Dict =
                [("n", Value::from(("PYRO:obj@host:1", tags)))].into_iter().collect();
            connection.answer(&call, found).await;
        };
        let client = Client::new();
        let (found, ()) = tokio::join!(client.resolve(&uri).into_future(), server);
        assert_eq!(found.unwrap().kind(), &UriKind::Object("obj".to_owned()));
    }
}

#[tokio::test]
async fn registrations_carry_their_tags_and_say_whether_they_may_replace() {
    let peer = Peer::bind().await;
    let client = Client::new();
    let server = async {
        let mut connection = accept(&peer, true).await;
        let call = connection.expect("register").await;
        assert_eq!(positional(&call), [Value::from("n"), Value::from("PYRO:obj@host:1")]);
        assert_eq!(keyword(&call, "safe"), Some(Value::Bool(true)));
        assert_eq!(keyword(&call, "metadata"), Some(Value::List(vec!["tag".into()])));
        connection.answer(&call, Value::None).await;
        let call = connection.expect("register").await;
        assert_eq!(keyword(&call, "safe"), Some(Value::Bool(false)));
        assert_eq!(keyword(&call, "metadata"), Some(Value::None));
        connection.answer(&call, Value::None).await;
    };
    let client = async {
        let names = client.name_server_at(peer.location()).await.unwrap();
        let uri: Uri = "PYRO:obj@host:1".parse().unwrap();
        names.register("n", &uri).safe().metadata(["tag"]).await.unwrap();
        names.register("n", &uri).await.unwrap();
    };
    tokio::join!(client, server);
}

#[tokio::test]
async fn without_a_name_server_the_error_says_what_was_tried_and_what_to_do() {
    let peer = Peer::bind().await;
    let location = peer.location();
    drop(peer);
    let client = Client::builder().name_server(location.clone()).broadcast(false).build();
    let error = client.lookup_any("PYRONAME:x").await.unwrap_err().to_string();
    assert!(error.starts_with("Failed to locate the nameserver"), "{error}");
    assert!(error.contains("ferropyro ns") && error.contains(&location.to_string()), "{error}");
}

#[tokio::test]
async fn a_lookup_waits_for_a_name_to_appear() {
    let peer = Peer::bind().await;
    let client = Client::builder().lookup_delay(std::time::Duration::from_secs(60)).build();
    let server = async {
        let mut connection = accept(&peer, true).await;
        let call = connection.expect("lookup").await;
        connection.raise(&call, &Exception::new("Pyro5.errors.NamingError", "unknown name: late")).await;
        tokio::time::pause();
        let call = connection.expect("lookup").await;
        connection.answer(&call, "PYRO:obj@host:1".parse::<Uri>().unwrap()).await;
    };
    let uri = Uri::name("late", Some(peer.location()));
    let (found, ()) = tokio::join!(client.resolve(&uri).into_future(), server);
    assert_eq!(found.unwrap().object(), Some("obj"));
}

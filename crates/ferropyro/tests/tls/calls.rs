//! Calls over TLS: of both dialects, of any size, in any number, with what is known of the caller.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use ferropyro::{CallError, Client, Codec, Daemon, Dialect, Value, args};

use crate::authority::{Authority, bind, echo, serve};

#[tokio::test]
async fn both_dialects_are_spoken_over_it() {
    let authority = Authority::new();
    let daemon = serve(authority.server_tls()).await;
    for dialect in Dialect::ALL {
        let client = Client::builder().tls(authority.client_tls()).dialect(dialect).build();
        let answer: i64 = client.proxy(daemon.uri_for("thing")).call("echo", args![1]).cast().await.unwrap();
        assert_eq!(answer, 1);
    }
}

#[tokio::test]
async fn more_than_any_buffer_holds_goes_through_both_ways_at_once() {
    let authority = Authority::new();
    let daemon = serve(authority.server_tls()).await;
    let client = Client::builder().tls(authority.client_tls()).build();
    let proxy = client.proxy(daemon.uri_for("thing"));
    let calls: Vec<_> = (0..8_u8)
        .map(|number| {
            let text = char::from(b'a' + number).to_string().repeat(3 << 20);
            let call = proxy.call("echo", args![text.clone()]).cast::<String>();
            tokio::spawn(async move { assert!(call.await.unwrap() == text) })
        })
        .collect();
    for call in calls {
        call.await.unwrap();
    }
}

#[tokio::test]
async fn a_oneway_call_that_is_flushed_arrives() {
    let authority = Authority::new();
    let came = Arc::new(AtomicUsize::new(0));
    let daemon = serve(authority.server_tls()).await;
    let counted = Arc::clone(&came);
    let sink = ferropyro::server::Methods::new("Sink")
        .method("put", move |call| {
            let value = call.bind(["value"]).map(|[value]| value);
            counted.fetch_add(value.map_or(0, |value| value.as_str().map_or(0, str::len)), Ordering::SeqCst);
            async { Ok(Value::None) }
        })
        .method("count", move |_| {
            let count = came.load(Ordering::SeqCst);
            async move { Ok(count as i64) }
        });
    let uri = daemon.register("sink", sink).unwrap();
    let client = Client::builder().tls(authority.client_tls()).build();
    let proxy = client.proxy(&uri);
    for _ in 0..20 {
        proxy.call("put", args!["x".repeat(1 << 20)]).oneway().await.unwrap();
    }
    proxy.flush().await.unwrap();
    let all = 20 << 20;
    while proxy.call("count", ()).cast::<usize>().await.unwrap() < all {
        tokio::task::yield_now().await;
    }
}

#[test]
fn programs_without_async_use_it() {
    let authority = Authority::new();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let daemon = runtime.block_on(serve(authority.server_tls()));
    let client = Client::builder().tls(authority.client_tls()).build();
    let answer: i64 = client.proxy(daemon.uri_for("thing")).call("echo", args![5]).cast().wait().unwrap();
    assert_eq!(answer, 5);
}

#[tokio::test]
async fn a_method_and_the_validator_see_the_callers_certificate() {
    let authority = Authority::new();
    let (alice, mallory) = (authority.client("alice"), authority.client("mallory"));
    let welcome = alice.der.clone();
    let tls = authority.server_tls().require_client_certificate(authority.authorities());
    let daemon =
        bind(Daemon::builder().tls(tls).validator(move |handshake| match handshake.certificates.first() {
            Some(certificate) if *certificate == welcome => Ok(Value::from("hello alice")),
            _ => Err("alice only".to_owned()),
        }))
        .await;
    let tls = authority.client_tls().identity(alice.identity());
    let client = Client::builder().tls(tls).serializer(Codec::Msgpack).build();
    let shown = client.proxy(daemon.uri_for("thing")).call("certificates", ()).await.unwrap();
    assert_eq!(shown, Value::List(vec![Value::Bytes(alice.der.into())]));

    let refused = echo(&daemon, authority.client_tls().identity(mallory.identity())).await.unwrap_err();
    assert!(
        matches!(refused.kind(), CallError::Refused { reason, .. } if reason == "alice only"),
        "{refused}"
    );
}

#[tokio::test]
async fn a_certificate_that_is_only_asked_for_may_be_missing() {
    let authority = Authority::new();
    let tls = authority.server_tls().ask_for_client_certificate(authority.authorities());
    let daemon = serve(tls).await;
    let alice = authority.client("alice");
    for (tls, expected) in [
        (authority.client_tls(), vec![]),
        (authority.client_tls().identity(alice.identity()), vec![Value::Bytes(alice.der.clone().into())]),
    ] {
        let client = Client::builder().tls(tls).serializer(Codec::Msgpack).build();
        let shown = client.proxy(daemon.uri_for("thing")).call("certificates", ()).await.unwrap();
        assert_eq!(shown, Value::List(expected));
    }
    let stranger = Authority::new().client("stranger");
    let error = echo(&daemon, authority.client_tls().identity(stranger.identity())).await.unwrap_err();
    assert!(error.to_string().contains("it trusts no authority that signed it"), "{error}");
}

#[cfg(unix)]
#[tokio::test]
async fn unix_sockets_stay_without() {
    let authority = Authority::new();
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("socket");
    let builder = Daemon::builder().tls(authority.server_tls()).listen(format!("./u:{}", path.display()));
    let daemon = bind(builder).await;
    echo(&daemon, None).await.unwrap();
    echo(&daemon, authority.client_tls()).await.unwrap();
    let tcp = daemon.locations()[1].clone();
    let client = Client::builder().tls(authority.client_tls()).build();
    client.proxy(ferropyro::Uri::object_at("thing", tcp)).call("echo", args![1]).await.unwrap();
}

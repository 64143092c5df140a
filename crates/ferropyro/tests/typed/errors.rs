//! Errors: typed where both ends know the type, exceptions of the named class otherwise.

use ferropyro::server::Methods;
use ferropyro::{CallError, Client, Exception, RemoteError, Value, args};

use crate::shop::{Served, ShopError, ShopProxy};

#[tokio::test]
async fn a_declared_error_arrives_as_itself_with_its_fields() {
    let served = Served::new().await;
    for shop in served.all() {
        assert!(matches!(shop.order("tea", 0).await, Err(CallError::Remote(ShopError::Nothing))));
        let Err(CallError::Remote(error)) = shop.order("tea", 10).await else { panic!("typed") };
        assert_eq!(error, ShopError::OutOfStock { item: "tea".to_owned(), left: 9 });
        let closed = ShopError::Closed("no sign".to_owned());
        assert!(matches!(shop.sign().await, Err(CallError::Remote(error)) if error == closed));
        assert!(matches!(shop.set_sign("").await, Err(CallError::Remote(ShopError::Nothing))));
        let no_rows = ShopError::Closed("no rows".to_owned());
        assert!(matches!(shop.audit(-1).await, Err(CallError::Remote(error)) if error == no_rows));
    }
}

#[tokio::test]
async fn others_see_an_exception_of_the_named_class() {
    let served = Served::new().await;
    for shop in served.all() {
        let error = shop.call("order", args!["tea", 10]).await.unwrap_err();
        let exception = error.exception().expect("an exception");
        assert_eq!(exception.class(), "shop.OutOfStock");
        assert_eq!(exception.message(), "only 9 of tea left");
        // Named fields are attributes, for Python.
        assert_eq!(exception.attributes().get("left"), Some(&Value::from(9)));
        assert!(exception.traceback().contains("in order"), "{}", exception.traceback());
        let error = shop.call("order", args!["tea", 0]).await.unwrap_err();
        assert_eq!(error.to_string(), "ValueError: nothing ordered");
    }
}

#[tokio::test]
async fn an_exception_of_the_same_class_is_not_taken_for_the_error() {
    let served = Served::new().await;
    let other = Methods::new("Other")
        .method("order", async |_| Err::<Value, _>(Exception::new("ValueError", "nothing ordered")));
    let uri = served.daemon.register("other", other).unwrap();
    let shop: ShopProxy = Client::new().lookup(&uri).await.unwrap();
    match shop.order("tea", 0).await {
        Err(CallError::Exception(exception)) => assert_eq!(exception.class(), "builtins.ValueError"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_mark_that_is_not_ours_is_no_error_of_ours() {
    let genuine = ShopError::OutOfStock { item: "tea".to_owned(), left: 1 }.into_exception();
    assert!(ShopError::from_exception(&genuine).is_some());
    let (name, mark) = genuine
        .attributes()
        .iter()
        .find(|(name, _)| name.as_str().is_some_and(|name| name.starts_with('_')))
        .map(|(name, mark)| (name.clone(), mark.clone()))
        .unwrap();
    let Value::List(parts) = mark else { panic!("a list") };
    let wrong = [
        Value::None,
        Value::from(1),
        Value::List(vec![]),
        Value::List(parts[..2].to_vec()),
        Value::from_iter([Value::from("Other"), parts[1].clone(), parts[2].clone()]),
        Value::from_iter([parts[0].clone(), Value::from("Unknown"), parts[2].clone()]),
        Value::from_iter([parts[0].clone(), parts[1].clone(), Value::from(3)]),
        Value::from_iter([parts[0].clone(), parts[1].clone(), Value::Dict(Default::default())]),
    ];
    for wrong in wrong {
        let mut exception = genuine.clone();
        exception.attributes_mut().insert(name.clone(), wrong.clone());
        assert!(ShopError::from_exception(&exception).is_none(), "{wrong:?}");
    }
}

#[tokio::test]
async fn the_errors_of_a_call_become_exceptions_of_the_method_that_made_it() {
    let served = Served::new().await;
    let gone = Client::new().proxy("PYRO:nobody@127.0.0.1:1".parse::<ferropyro::Uri>().unwrap());
    for shop in served.all() {
        let error = shop.ask(ShopProxy::from(gone.clone()), "tea").await.unwrap_err();
        let exception = error.exception().expect("an exception");
        assert_eq!(exception.name(), "RuntimeError");
        assert!(exception.message().contains("cannot connect to 127.0.0.1:1"), "{exception}");
        // The connection to the shop has not suffered.
        assert_eq!(shop.ask(served.remote.clone(), "tea").await.unwrap(), 6);
    }
}

//! Batches: typed results, slots after a failed one, what cannot be in a batch.

use std::time::Duration;

use ferropyro::{CallError, Value, args};

use crate::shop::{Served, ShopError, ShopProxy};

#[tokio::test]
async fn each_call_has_its_own_typed_result() {
    let served = Served::new().await;
    for shop in served.all() {
        let calls =
            (shop.price("tea"), shop.order("tea", 1), shop.open_at(10), shop.call("price", args!["x"]));
        let (price, receipt, open, untyped) = shop.batch(calls).await.unwrap();
        assert_eq!(price.unwrap(), 6);
        assert_eq!(receipt.unwrap().item, "tea");
        assert!(open.unwrap());
        assert_eq!(untyped.unwrap(), Value::from(2));
    }
}

#[tokio::test]
async fn the_slots_after_a_failed_one_say_so() {
    let served = Served::new().await;
    for shop in served.all() {
        let calls = (shop.price("tea"), shop.order("tea", 0), shop.note("never"), shop.price("tea"));
        let (price, order, note, last) = shop.batch(calls).await.unwrap();
        assert_eq!(price.unwrap(), 6);
        assert!(matches!(order, Err(CallError::Remote(ShopError::Nothing))));
        assert_eq!(note.unwrap_err().to_string(), "did not run: call 2 of the batch, order(), failed");
        assert!(matches!(last, Err(CallError::Skipped { after: 2, name }) if name == "order"));
        assert!(shop.noted().await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn a_list_of_calls_gives_a_list_of_results() {
    let served = Served::new().await;
    for shop in served.all() {
        let prices: Vec<_> = ["a", "bb", "ccc"].map(|item| shop.price(item).arg("times", 1)).into();
        let prices = shop.batch(prices).await.unwrap();
        assert_eq!(prices.into_iter().map(Result::unwrap).collect::<Vec<_>>(), [1, 2, 3]);
        let orders: Vec<_> = [1, 10, 2].map(|count| shop.order("tea", count)).into();
        let orders = shop.batch(orders).await.unwrap();
        assert!(orders[0].is_ok());
        assert!(matches!(orders[1], Err(CallError::Remote(ShopError::OutOfStock { .. }))));
        assert!(matches!(orders[2], Err(CallError::Skipped { after: 2, .. })));
        let nothing = shop.batch(Vec::<ferropyro::client::Call>::new()).await.unwrap();
        assert!(nothing.is_empty());
    }
}

#[tokio::test]
async fn a_result_of_another_type_fails_its_own_slot_only() {
    let served = Served::new().await;
    for shop in served.all() {
        let calls = (shop.call("price", args!["tea"]).cast::<String>(), shop.price("tea"));
        let (wrong, right) = shop.batch(calls).await.unwrap();
        assert!(matches!(wrong, Err(CallError::Decode(_))), "{wrong:?}");
        // Locally the calls are made one by one, and nobody knows that the first is no failure of the object.
        assert!(matches!(right, Ok(6) | Err(CallError::Skipped { .. })), "{right:?}");
    }
}

#[tokio::test]
async fn what_cannot_be_in_a_batch_is_refused_before_anything_is_sent() {
    let served = Served::new().await;
    for shop in served.all() {
        let attribute = shop.batch((shop.note("never"), shop.visits())).await;
        assert!(matches!(attribute, Err(CallError::Misuse(_))), "{attribute:?}");
        let other = ShopProxy::local(crate::shop::Corner::default());
        let others = shop.batch((shop.note("never"), other.price("tea"))).await;
        assert!(matches!(&others, Err(CallError::Misuse(text)) if text.contains("price()")), "{others:?}");
        assert!(shop.noted().await.unwrap().is_empty());
    }
    let unknown = served.remote.batch((served.remote.note("never"), served.remote.call("nope", ()))).await;
    assert!(matches!(unknown, Err(CallError::NoSuchMember { .. })), "{unknown:?}");
}

#[tokio::test]
async fn a_oneway_batch_is_not_waited_for() {
    let served = Served::new().await;
    for shop in served.all() {
        let before = shop.noted().await.unwrap().len();
        shop.batch((shop.note("a"), shop.note("b"))).oneway().await.unwrap();
        while shop.noted().await.unwrap().len() < before + 2 {
            tokio::task::yield_now().await;
        }
    }
}

#[tokio::test]
async fn the_time_of_a_batch_goes_for_all_of_it_in_this_process_too() {
    const SHORT: Duration = Duration::from_millis(20);
    let served = Served::new().await;
    for shop in served.all() {
        let calls = (shop.price("tea"), shop.wait_for_night());
        let error = shop.batch(calls).timeout(SHORT).await.unwrap_err();
        assert!(matches!(error, CallError::Timeout { after: SHORT, .. }), "{error}");
        // A call's own time does not count: the batch has one.
        let (price,) = shop.batch((shop.price("tea").timeout(Duration::ZERO),)).await.unwrap();
        assert_eq!(price.unwrap(), 6);
    }
}

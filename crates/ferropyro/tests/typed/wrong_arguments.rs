//! What a caller without types gets for arguments that do not fit.

use ferropyro::{Arguments, Codec, args};

use crate::shop::{Served, ShopProxy};

async fn told(shop: &ShopProxy, method: &'static str, arguments: Arguments) -> String {
    let error = shop.call(method, arguments).await.unwrap_err();
    let exception = error.exception().unwrap_or_else(|| panic!("no exception but {error}"));
    assert!(exception.traceback().contains(method), "{}", exception.traceback());
    exception.to_string()
}

#[tokio::test]
async fn misfits_are_type_errors_in_the_words_of_python() {
    let served = Served::new().await;
    let remote = Codec::ALL.map(|codec| served.remote.fork().with_codec(codec));
    for shop in remote.into_iter().chain(served.all()) {
        let cases = [
            ("order", args![], "order() missing 2 required positional arguments: 'item' and 'count'"),
            ("order", args!["tea"], "order() missing 1 required positional argument: 'count'"),
            ("order", args![count = 1], "order() missing 1 required positional argument: 'item'"),
            ("order", args!["tea", 1, 2], "order() takes 2 positional arguments but 3 were given"),
            ("price", args!["a", 1, 2, 3], "price() takes from 1 to 3 positional arguments but 4 were given"),
            ("order", args!["tea", 1, colour = "red"], "order() got an unexpected keyword argument 'colour'"),
            ("order", args!["tea", item = "x"], "order() got multiple values for argument 'item'"),
            ("order", args!["tea", "two"], "order() argument 'count': expected int, got str"),
            ("order", args![1, 2], "order() argument 'item': expected str, got int"),
            ("openAt", args!["noon"], "openAt() argument 'hour': expected int, got str"),
            ("count_stock", args!["abc"], "count_stock() argument 'shelves': expected list, got str"),
            ("price", args!["tea", times = 1.5], "price() argument 'times': expected int, got float"),
        ];
        for (method, arguments, expected) in cases {
            assert_eq!(told(&shop, method, arguments).await, format!("TypeError: {expected}"));
        }
        // The connection has not suffered.
        assert_eq!(shop.price("tea").await.unwrap(), 6);
    }
}

#[tokio::test]
async fn numbers_that_do_not_fit_are_value_errors() {
    let served = Served::new().await;
    for shop in served.all() {
        let error = told(&shop, "openAt", args![300]).await;
        assert_eq!(error, "ValueError: openAt() argument 'hour': 300 does not fit u8 (0 to 255)");
        let error = told(&shop, "order", args!["tea", -1]).await;
        assert_eq!(error, "ValueError: order() argument 'count': -1 does not fit u32 (0 to 4294967295)");
    }
}

#[tokio::test]
async fn an_attribute_of_the_wrong_type_is_refused() {
    let served = Served::new().await;
    for shop in served.all() {
        let error = shop.set("sign", 3).await.unwrap_err();
        assert_eq!(error.to_string(), "TypeError: attribute 'sign': expected str, got int");
        let error = shop.set("visits", 3).await.unwrap_err();
        assert_eq!(error.exception().unwrap().name(), "AttributeError");
    }
}

#[tokio::test]
async fn a_required_parameter_that_is_named_too_is_given_twice() {
    let served = Served::new().await;
    for shop in served.all() {
        let error = shop.price("tea").arg("item", "coffee").await.unwrap_err();
        assert_eq!(error.to_string(), "TypeError: price() got multiple values for argument 'item'");
    }
}

#[tokio::test]
async fn a_method_that_is_read_and_an_attribute_that_is_called_are_said_to_be_that() {
    let served = Served::new().await;
    for shop in served.all() {
        let uri = shop.uri();
        let error = shop.call("sign", ()).await.unwrap_err().to_string();
        assert!(error.starts_with(&format!("'sign' is an attribute of {uri}: read it with")), "{error}");
        let expected = format!("'price' is a method of {uri}, not an attribute: call it");
        let error = shop.get("price").await.unwrap_err().to_string();
        assert!(error.starts_with(&expected), "{error}");
    }
}

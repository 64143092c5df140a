//! What tools learn of a typed object: names, documentation, parameters.

use ferropyro::Proxy;

use crate::shop::{Served, ShopProxy};

#[test]
fn names_docs_and_parameters_come_from_the_trait() {
    let interface = ShopProxy::interface();
    assert_eq!(interface.type_doc(), Some("A shop.\n\nIt sells things."));
    let (_, order) = interface.find_method("order").unwrap();
    assert_eq!(order.doc.as_deref(), Some("Takes an order."));
    assert_eq!(order.parameters.as_deref(), Some(&["item".to_owned(), "count".to_owned()][..]));
    assert_eq!(interface.find_method("noted").unwrap().1.parameters.as_deref(), Some(&[][..]));
    let (_, price) = interface.find_method("price").unwrap();
    assert_eq!((price.parameters.as_ref().map(Vec::len), price.optional), (Some(3), 2));
    assert!(interface.find_method("note").unwrap().1.oneway);
    let (_, sign) = interface.find_attribute("sign").unwrap();
    assert!(sign.readable && sign.writable);
    assert!(!interface.find_attribute("visits").unwrap().1.writable);
    assert!(interface.find_method("type").is_some());
}

#[tokio::test]
async fn tools_get_all_that_is_known() {
    let served = Served::new().await;
    for shop in served.all() {
        let interface = shop.describe().await.unwrap();
        let (_, price) = interface.find_method("price").unwrap();
        assert_eq!(price.doc.as_deref(), Some("A price, less a discount."));
        assert_eq!(price.parameters.as_ref().unwrap(), &["item", "discount", "times"]);
        assert_eq!(
            (interface.type_name(), interface.type_doc()),
            ("Shop", ShopProxy::interface().type_doc())
        );
        assert!(!interface.find_attribute("visits").unwrap().1.writable);
    }
}

#[tokio::test]
async fn callers_get_the_names() {
    let served = Served::new().await;
    for shop in served.all() {
        let metadata = shop.metadata().await.unwrap();
        assert!(metadata.methods.iter().any(|name| name == "openAt"));
        assert_eq!(metadata.oneway, ["note"]);
        assert_eq!(metadata.attrs, ["sign", "visits"]);
    }
}

//! Oneway calls: nobody waits for them, and yet they arrive.

use std::sync::atomic::Ordering;

use ferropyro::Daemon;

use crate::desk::{DeskProxy, Office};
use crate::limit::within;

/// On a Unix socket, where the loss was seen, and on TCP.
async fn offices(directory: &tempfile::TempDir) -> Vec<Office> {
    let mut offices = vec![Office::open().await];
    if cfg!(unix) {
        let address = format!("./u:{}", directory.path().join("daemon.sock").display());
        offices.push(Office::on(Daemon::bind(address).await.unwrap()));
    }
    offices
}

#[tokio::test]
async fn p5_20_a_oneway_call_arrives_though_its_proxy_goes_at_once() {
    let release = |desk: DeskProxy| desk.release();
    let forget = |desk: DeskProxy| drop(desk);
    let directory = tempfile::tempdir().unwrap();
    for office in offices(&directory).await {
        for end in [&release as &dyn Fn(DeskProxy), &forget] {
            let desk = office.proxy().await;
            within(desk.note(1)).await.unwrap();
            end(desk);
            within(office.clerk.see()).await;
        }
        assert_eq!(office.clerk.total.load(Ordering::SeqCst), 2);
    }
}

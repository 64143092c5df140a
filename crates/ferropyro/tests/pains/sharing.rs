//! Threads and tasks: who may call a proxy, and who waits for whom.

use std::sync::Barrier;
use std::task::Poll;

use ferropyro::{Client, Daemon, args, remote};
use tokio::task::JoinSet;

use crate::desk::{DeskProxy, Office};
use crate::limit::{in_time, within};

#[test]
fn p5_71_one_proxy_is_called_by_many_threads_that_never_claim_it() {
    in_time(|| {
        let office = Office::on(Daemon::bind("127.0.0.1:0").wait().unwrap());
        let desk: DeskProxy = Client::new().lookup(office.own.uri()).wait().unwrap();
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| (0..50).for_each(|_| assert!(desk.add(1).wait().is_ok())));
            }
        });
        assert_eq!(desk.add(0).wait().unwrap(), 400);
        assert_eq!(office.daemon.connections(), 1);
    });
}

#[test]
fn p4_125_a_proxy_that_one_thread_releases_still_serves_the_others() {
    in_time(|| {
        let office = Office::on(Daemon::bind("127.0.0.1:0").wait().unwrap());
        let desk: DeskProxy = Client::new().lookup(office.own.uri()).wait().unwrap();
        std::thread::scope(|scope| {
            let call = || (0..100).for_each(|_| assert!(desk.add(1).wait().is_ok()));
            let threads: Vec<_> = (0..4).map(|_| scope.spawn(call)).collect();
            while !threads.iter().all(|thread| thread.is_finished()) {
                desk.release();
                std::thread::yield_now();
            }
        });
        // Each call ran once.
        assert_eq!(desk.add(0).wait().unwrap(), 400);
    });
}

#[remote]
trait Meeting {
    /// Blocks its thread until all are here.
    fn attend(&self) -> bool;
}

struct Four(Barrier);

impl Meeting for Four {
    fn attend(&self) -> bool {
        self.0.wait().is_leader()
    }
}

#[test]
fn p5_69_threads_with_forks_of_one_proxy_are_inside_a_blocking_method_together() {
    in_time(|| {
        let daemon = Daemon::bind("127.0.0.1:0").wait().unwrap();
        let own: MeetingProxy = daemon.serve("meeting", Four(Barrier::new(4))).unwrap();
        let meeting: MeetingProxy = Client::new().lookup(own.uri()).wait().unwrap();
        let threads: Vec<_> = (0..4)
            .map(|_| {
                let meeting = meeting.fork();
                std::thread::spawn(move || meeting.attend().wait().unwrap())
            })
            .collect();
        let leaders = threads.into_iter().map(|thread| thread.join().unwrap());
        assert_eq!(leaders.filter(|leader| *leader).count(), 1);
    });
}

#[tokio::test]
async fn p4_244_several_clients_are_inside_one_object_together() {
    let office = Office::open().await;
    let mut clients = JoinSet::new();
    for _ in 0..8 {
        clients.spawn(office.proxy().await.wait().into_future());
    }
    for _ in 0..8 {
        within(office.clerk.see()).await;
    }
    // All are inside; none has come back.
    office.clerk.go.add_permits(8);
    let answers = within(clients.join_all()).await;
    assert!(answers.into_iter().all(|answer| answer.unwrap() == "done"));
}

#[tokio::test]
async fn p5_4_an_async_method_that_waits_holds_up_no_other_caller() {
    // One thread for all of it: daemon, callers, and the method that waits.
    let office = Office::open().await;
    let waiting = tokio::spawn(office.proxy().await.wait().into_future());
    within(office.clerk.see()).await;
    assert_eq!(within(office.proxy().await.add(1)).await.unwrap(), 1);
    assert!(!waiting.is_finished());
    office.clerk.go.add_permits(1);
    assert_eq!(within(waiting).await.unwrap().unwrap(), "done");
}

#[tokio::test]
async fn p5_98_a_call_is_started_now_and_its_answer_taken_later() {
    let office = Office::open().await;
    let desk = office.proxy().await;
    let mut answer = Box::pin(desk.wait().into_future());
    let started = async {
        // Polling it is what sends it.
        std::future::poll_fn(|cx| {
            assert!(answer.as_mut().poll(cx).is_pending());
            Poll::Ready(())
        })
        .await;
    };
    started.await;
    let other = desk.fork();
    assert_eq!(within(other.add(2)).await.unwrap(), 2);
    office.clerk.go.add_permits(1);
    assert_eq!(within(answer).await.unwrap(), "done");
}

#[tokio::test]
async fn p4_163_more_calls_at_once_than_a_connection_takes_wait_for_their_turn() {
    let office = Office::open().await;
    let desk: DeskProxy = Client::builder().max_pipelined(4).build().lookup(office.own.uri()).await.unwrap();
    let mut calls = JoinSet::new();
    for _ in 0..1000 {
        calls.spawn(desk.add(1).into_future());
    }
    let answers = within(calls.join_all()).await;
    assert!(answers.iter().all(Result::is_ok));
    assert_eq!(within(desk.add(0)).await.unwrap(), 1000);
    assert_eq!(office.daemon.connections(), 1);
}

#[tokio::test]
async fn p5_51_a_call_that_is_given_up_costs_no_connection_and_mixes_up_no_answers() {
    let office = Office::open().await;
    let desk = office.proxy().await;
    let session = within(desk.session()).await.unwrap();
    {
        let mut given_up = Box::pin(desk.wait().into_future());
        tokio::select! {
            biased;
            answer = &mut given_up => panic!("{answer:?}"),
            () = office.clerk.see() => {}
        }
    }
    office.clerk.go.add_permits(1);
    assert_eq!(within(desk.session()).await.unwrap(), session);
    assert_eq!(within(desk.call("echo", args![7]).cast::<i64>()).await.unwrap(), 7);
}

//! Streams on the command line: an item a line, and closed when nobody reads on.

use std::sync::mpsc;
use std::time::Duration;

use ferropyro::Daemon;
use ferropyro::server::{ItemSource, Methods};

use crate::command::{Server, run};

#[test]
fn a_stream_prints_an_item_a_line() {
    let (_server, uri) = Server::echo(&[]);
    assert_eq!(run(&["call", &uri, "generator"]).success(), "'one'\n'two'\n'three'\n");
}

/// Counts for ever, and tells of its end.
struct Counter(i64, mpsc::Sender<()>);

impl Iterator for Counter {
    type Item = i64;

    fn next(&mut self) -> Option<i64> {
        self.0 += 1;
        Some(self.0)
    }
}

impl Drop for Counter {
    fn drop(&mut self) {
        // The test may be over.
        let _ = self.1.send(());
    }
}

#[test]
fn a_stream_is_closed_at_the_server_when_nobody_reads_on() {
    let (told, ended) = mpsc::channel();
    let linger = Duration::from_secs(3600);
    let daemon = Daemon::builder().listen("127.0.0.1:0").stream_linger(linger).bind().wait().expect("bound");
    let counter = Methods::new("Counter")
        .stream("count", move |_| Ok(ItemSource::from_items(Counter(0, told.clone()))));
    let uri = daemon.register("counter", counter).expect("registered").to_string();
    let mut call = Server::start(&["call", &uri, "count"]);
    assert_eq!((call.line(), call.line()), ("1".to_owned(), "2".to_owned()));
    let outcome = call.stop_reading();
    assert_eq!((outcome.code, outcome.stderr.as_str()), (Some(0), ""));
    ended.recv_timeout(Duration::from_secs(10)).expect("the stream was closed");
}

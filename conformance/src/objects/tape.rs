//! [`Tape`]: streams of declared types.

use ferropyro::{Exception, Stream, remote};

use super::Tally;
use super::desk::DeskError;
use super::wares::Ware;

/// Streams of declared types.
#[remote]
pub(crate) trait Tape {
    async fn countdown(&self, start: u32) -> Stream<u32>;
    /// So many items, then an error.
    async fn failing(&self, count: u32) -> Stream<u32>;
    /// An error, or a stream.
    fn guarded(&self, count: i64) -> Result<Stream<i64>, DeskError>;
    async fn wares(&self) -> Stream<Ware>;
    /// Has no end; says when it was closed.
    async fn squares(&self) -> Stream<u64>;
    /// How many endless streams were closed, once there are so many.
    fn closed(&self, count: usize) -> Result<usize, Exception>;
    /// Comes from a task of its own.
    async fn spelled(&self) -> Stream<ferropyro::Value>;
    /// No stream.
    async fn listed(&self) -> Vec<i64>;
}

/// The streams.
#[derive(Debug, Default)]
pub(super) struct Reel {
    closings: Tally,
}

impl Tape for Reel {
    async fn countdown(&self, start: u32) -> Stream<u32> {
        Stream::from_items((1..=start).rev())
    }

    async fn failing(&self, count: u32) -> Stream<u32> {
        let end = Exception::new("ValueError", format!("no more after {count}"));
        Stream::from_results((0..count).map(Ok).chain([Err(end)]))
    }

    fn guarded(&self, count: i64) -> Result<Stream<i64>, DeskError> {
        if count < 0 { Err(DeskError::ByZero) } else { Ok(Stream::from_items(0..count)) }
    }

    async fn wares(&self) -> Stream<Ware> {
        let ware = |name: &str, stock, width, note: Option<&str>| Ware {
            name: name.to_owned(),
            stock,
            size: (width, 2.0),
            parts: Vec::new(),
            note: note.map(str::to_owned),
        };
        Stream::from_items([ware("chair", 2, 1.5, None), ware("desk", 1, 3.0, Some("old"))])
    }

    async fn squares(&self) -> Stream<u64> {
        let (sender, squares) = Stream::channel(1);
        let closings = self.closings.clone();
        tokio::spawn(async move {
            for number in 0_u64.. {
                if sender.send(number * number).await.is_err() {
                    break;
                }
            }
            closings.add("squares");
        });
        squares
    }

    fn closed(&self, count: usize) -> Result<usize, Exception> {
        Ok(self.closings.wait(count)?.len())
    }

    async fn spelled(&self) -> Stream<ferropyro::Value> {
        Stream::from_items([1.into(), "two".into(), 3.into()])
    }

    async fn listed(&self) -> Vec<i64> {
        vec![1, 2, 3]
    }
}

//! Items on demand: as results, as results that may fail, as arguments.

use ferropyro::{RemoteError, Stream, remote};

#[derive(Debug, thiserror::Error, RemoteError)]
#[error("no such file")]
#[exception("FileNotFoundError")]
pub struct NoSuchFile;

#[remote]
pub trait Files {
    async fn lines(&self, name: String) -> Result<Stream<String>, NoSuchFile>;
    fn names(&self) -> ferropyro::Stream<String>;
    async fn pairs(&self) -> Stream<(String, Option<u64>)>;
    /// A caller of this process passes a stream, others a list.
    async fn total(&self, sizes: Stream<u64>) -> u64;
    async fn channel(&self, room: usize) -> Stream<usize>;
}

struct Disk;

impl Files for Disk {
    async fn lines(&self, name: String) -> Result<Stream<String>, NoSuchFile> {
        if name.is_empty() {
            return Err(NoSuchFile);
        }
        Ok(Stream::from(vec![name.clone(), name]))
    }

    fn names(&self) -> Stream<String> {
        Stream::from_items(["a", "b"].map(str::to_owned))
    }

    async fn pairs(&self) -> Stream<(String, Option<u64>)> {
        Stream::from(vec![("a".to_owned(), None)])
    }

    async fn total(&self, mut sizes: Stream<u64>) -> u64 {
        let mut total = 0;
        while let Some(Ok(size)) = sizes.next().await {
            total += size;
        }
        total
    }

    async fn channel(&self, room: usize) -> Stream<usize> {
        let (sender, items) = Stream::channel(room);
        for item in 0..room {
            // The caller may take none of them.
            let _ = sender.send(item).await;
        }
        items
    }
}

#[test]
fn streams_are_results_and_arguments() -> ferropyro::Result<()> {
    let files = FilesProxy::local(Disk);
    let mut lines = files.lines("a").wait()?;
    while let Some(line) = lines.next_wait() {
        assert_eq!(line?, "a");
    }
    assert!(files.lines("").wait().is_err());
    assert_eq!(files.names().wait()?.next_wait().transpose()?.as_deref(), Some("a"));
    assert_eq!(files.pairs().wait()?.next_wait().transpose()?, Some(("a".to_owned(), None)));
    assert_eq!(files.total(Stream::from_items(1..=4)).wait()?, 10);
    assert_eq!(files.channel(2).wait()?.next_wait().transpose()?, Some(0));
    Ok(())
}

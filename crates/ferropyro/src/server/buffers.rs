//! Buffers that the connections of a thread share, so that an idle connection holds none.
//!
//! Nothing is kept in a buffer here between two uses; only its memory is.

use std::cell::RefCell;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use ferropyro_proto::ServerSession;
use tokio::io::{AsyncRead, ReadBuf};

/// How many buffers a thread keeps for replies.
const KEPT: usize = 32;
/// The largest buffer that is kept, in bytes; replies beyond that pay for their memory each time.
const KEPT_CAPACITY: usize = 32 << 10;
/// How much is read at once while nothing is known of what comes, in bytes.
const SCRATCH: usize = 16 << 10;

thread_local! {
    static REPLIES: RefCell<Vec<Vec<u8>>> = const { RefCell::new(Vec::new()) };
    static INPUT: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// An empty buffer for replies.
pub(super) fn take() -> Vec<u8> {
    REPLIES.with_borrow_mut(Vec::pop).unwrap_or_default()
}

/// Gives a buffer back when its content has been sent.
pub(super) fn give_back(mut buffer: Vec<u8>) {
    if (1..=KEPT_CAPACITY).contains(&buffer.capacity()) {
        buffer.clear();
        REPLIES.with_borrow_mut(|kept| {
            if kept.len() < KEPT {
                kept.push(buffer);
            }
        });
    }
}

/// Reads what is there into a session; gives the number of bytes, 0 at the end of the stream.
///
/// While the session holds nothing the read goes through a buffer of the thread, so that waiting takes no
/// memory.
pub(super) fn poll_read<R: AsyncRead>(
    stream: Pin<&mut R>,
    cx: &mut Context<'_>,
    session: &mut ServerSession,
) -> Poll<io::Result<usize>> {
    if session.buffered() > 0 {
        return tokio_util::io::poll_read_buf(stream, cx, session.input());
    }
    INPUT.with_borrow_mut(|scratch| {
        scratch.resize(SCRATCH, 0);
        let mut buffer = ReadBuf::new(scratch);
        ready!(stream.poll_read(cx, &mut buffer))?;
        session.receive(buffer.filled());
        Poll::Ready(Ok(buffer.filled().len()))
    })
}

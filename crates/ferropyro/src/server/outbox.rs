//! What a connection has to send: small answers together, a large one from its own buffer.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::AsyncWrite;

use super::buffers;

/// Answers up to this size are copied behind those that wait already, in bytes.
const SMALL: usize = 16 << 10;
/// When this much waits to be sent, nothing more is taken on, in bytes.
const FULL: usize = 64 << 10;

/// Bytes on their way out.
#[derive(Debug, Default)]
pub(super) struct Outbox {
    first: Vec<u8>,
    /// How much of `first` is sent.
    sent: usize,
    /// A large answer that came while `first` was not empty.
    second: Vec<u8>,
    /// The stream may still hold some of what it took.
    unflushed: bool,
}

impl Outbox {
    /// Whether all is sent.
    pub(super) fn is_empty(&self) -> bool {
        self.first.is_empty() && !self.unflushed
    }

    /// Whether nothing more should be taken on before something is sent.
    pub(super) fn is_full(&self) -> bool {
        !self.second.is_empty() || self.first.len() - self.sent >= FULL
    }

    /// Where to append what goes out next. Only for a box that is not full.
    pub(super) fn buffer(&mut self) -> &mut Vec<u8> {
        if self.first.capacity() == 0 {
            self.first = buffers::take();
        }
        &mut self.first
    }

    /// Adds an answer. Only for a box that is not full.
    pub(super) fn push(&mut self, answer: Vec<u8>) {
        if self.first.is_empty() {
            buffers::give_back(std::mem::replace(&mut self.first, answer));
        } else if answer.len() <= SMALL {
            self.first.extend_from_slice(&answer);
            buffers::give_back(answer);
        } else {
            self.second = answer;
        }
    }

    /// Sends what there is; ready when nothing is left.
    pub(super) fn poll_send<W: AsyncWrite + Unpin>(
        &mut self,
        stream: &mut W,
        cx: &mut Context<'_>,
    ) -> Poll<io::Result<()>> {
        while !self.first.is_empty() {
            let rest = self.first.get(self.sent..).unwrap_or_default();
            let written = if self.second.is_empty() {
                ready!(Pin::new(&mut *stream).poll_write(cx, rest))?
            } else {
                let slices = [IoSlice::new(rest), IoSlice::new(&self.second)];
                ready!(Pin::new(&mut *stream).poll_write_vectored(cx, &slices))?
            };
            if written == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.sent += written;
            self.unflushed = true;
            if self.sent >= self.first.len() {
                self.sent -= self.first.len();
                buffers::give_back(std::mem::replace(&mut self.first, std::mem::take(&mut self.second)));
                if self.sent >= self.first.len() {
                    buffers::give_back(std::mem::take(&mut self.first));
                    self.sent = 0;
                }
            }
        }
        if self.unflushed {
            ready!(Pin::new(stream).poll_flush(cx))?;
            self.unflushed = false;
        }
        Poll::Ready(Ok(()))
    }
}

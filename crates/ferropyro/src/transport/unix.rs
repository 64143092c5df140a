//! Unix sockets that accept connections: files, which outlive a program that dies, and Linux's abstract names.

use std::fs;
use std::io::{self, ErrorKind};
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::os::unix::net::UnixStream as StdUnixStream;

use socket2::{Domain, SockAddr, Socket, Type};
use tokio::net::UnixStream;

use crate::{Error, Result};

/// A Unix socket that accepts connections. Its file goes away with it.
#[derive(Debug)]
pub(super) struct UnixListener {
    socket: tokio::net::UnixListener,
    file: Option<SocketFile>,
}

/// The file of a socket, told from one that somebody else put in its place by now.
#[derive(Debug)]
struct SocketFile {
    path: String,
    device: u64,
    inode: u64,
}

impl UnixListener {
    /// Listens on a path, or on an abstract name if it begins with a NUL. A file left behind by a program
    /// that died is replaced; one that somebody listens on is not.
    pub(super) fn bind(path: &str) -> Result<Self> {
        let failed = |error: io::Error| {
            let what = format!("cannot listen on ./u:{}", path.replace('\0', "\\0"));
            if error.kind() == ErrorKind::AddrInUse {
                let hint = "a program listens there already, or the file is no socket; choose another path, or \
                            stop the program or remove the file";
                return Error::io(what, io::Error::new(error.kind(), format!("{error}: {hint}")));
            }
            Error::io(what, error)
        };
        let socket = match listen(path) {
            Err(error) if error.kind() == ErrorKind::AddrInUse && is_stale(path) => {
                fs::remove_file(path).map_err(failed)?;
                listen(path).map_err(failed)?
            }
            other => other.map_err(failed)?,
        };
        Ok(Self { socket, file: SocketFile::of(path) })
    }

    pub(super) async fn accept(&self) -> io::Result<UnixStream> {
        Ok(self.socket.accept().await?.0)
    }
}

fn listen(path: &str) -> io::Result<tokio::net::UnixListener> {
    let socket = Socket::new(Domain::UNIX, Type::STREAM, None)?;
    socket.bind(&SockAddr::unix(path)?)?;
    socket.listen(super::listener::BACKLOG)?;
    socket.set_nonblocking(true)?;
    tokio::net::UnixListener::from_std(socket.into())
}

/// Whether the path is the socket of a program that is gone: a socket on which nobody listens.
fn is_stale(path: &str) -> bool {
    let is_socket = fs::symlink_metadata(path).is_ok_and(|file| file.file_type().is_socket());
    is_socket && StdUnixStream::connect(path).is_err_and(|error| error.kind() == ErrorKind::ConnectionRefused)
}

impl SocketFile {
    fn of(path: &str) -> Option<Self> {
        let file = fs::symlink_metadata(path).ok()?;
        Some(Self { path: path.to_owned(), device: file.dev(), inode: file.ino() })
    }
}

impl Drop for UnixListener {
    fn drop(&mut self) {
        if let Some(file) = &self.file {
            let now = SocketFile::of(&file.path);
            if now.is_some_and(|now| (now.device, now.inode) == (file.device, file.inode)) {
                // Nothing can be done about a file that does not go; the next daemon finds it stale.
                let _ = fs::remove_file(&file.path);
            }
        }
    }
}

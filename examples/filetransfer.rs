//! Files, fetched and brought: piece by piece with a call for each, and as streams of bytes in either direction.
//!
//! A stream comes as fast as it is read, and neither side holds more of the file than a few pieces. A caller has
//! no streams to give away (Pyro's protocols know none), so to bring a file it passes an object that has one, and
//! the server draws from that.
//!
//! ```python
//! files = Pyro5.api.Proxy("PYRO:example.filetransfer@…")
//! files._pyroSerializer = "marshal"                       # serpent and json make texts of bytes
//! for chunk in files.download("ball.bin"): ...
//! source = Pyro5.api.Proxy(daemon.register(Source()))     # its chunks() is a generator; marshal wants a proxy
//! files.upload("copy.bin", source, zlib.crc32(data))
//! ```

use std::error::Error;
use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use ferropyro::{Bytes, CallError, Client, Codec, Daemon, Exception, RemoteError, Stream, remote};
use flate2::Crc;

/// How much is sent at a time, in bytes.
const PIECE: usize = 128 * 1024;
/// How many pieces are read ahead.
const AHEAD: usize = 4;

/// A directory of files. The methods are plain ones, no `async fn`s: they wait for disks, and so each call has a
/// thread for itself.
#[remote]
pub trait FileServer {
    /// How long a file is, in bytes.
    fn size(&self, name: String) -> Result<u64, FileError>;
    /// The checksum of a file, Python's `zlib.crc32`.
    fn checksum(&self, name: String) -> Result<u32, FileError>;
    /// So many bytes from somewhere in a file; fewer at its end.
    fn read(&self, name: String, offset: u64, length: u32) -> Result<Bytes, FileError>;
    /// All of a file, in pieces.
    fn download(&self, name: String) -> Result<Stream<Bytes>, FileError>;
    /// Draws a file from its source, and keeps it if the checksum is right. Gives its length.
    fn upload(&self, name: String, source: SourceProxy, checksum: u32) -> Result<u64, FileError>;
}

/// Where the server gets a file from: an object of the one who brings it.
#[remote]
pub trait Source {
    /// The file, in pieces.
    fn chunks(&self) -> Result<Stream<Bytes>, FileError>;
}

/// Why a file does not come, or is not taken.
#[derive(Debug, thiserror::Error, RemoteError)]
pub enum FileError {
    /// Names from the network are names, and no paths: not `../passwords`, not `/etc/passwords`.
    #[error("{0:?} is no file name")]
    #[exception("ValueError")]
    Name(String),
    /// The system says no.
    #[error("{0}")]
    #[exception("OSError")]
    System(String),
    /// The file did not arrive as it was.
    #[error("the checksum is {found:08x} and should be {expected:08x}")]
    #[exception("ValueError")]
    Broken {
        /// What arrived.
        found: u32,
        /// What was announced.
        expected: u32,
    },
    /// The source of a file failed.
    #[error("the source failed: {0}")]
    #[exception("OSError")]
    Source(String),
}

// What `?` makes of the system's errors, and of calls that fail.

impl From<io::Error> for FileError {
    fn from(error: io::Error) -> Self {
        Self::System(error.to_string())
    }
}

impl<E: std::fmt::Display> From<CallError<E>> for FileError {
    fn from(error: CallError<E>) -> Self {
        Self::Source(error.to_string())
    }
}

/// The pieces of a file. A thread reads ahead, and waits whenever there is enough.
fn pieces(path: &Path) -> Result<Stream<Bytes>, FileError> {
    let mut file = File::open(path)?;
    let (sender, pieces) = Stream::channel(AHEAD);
    std::thread::spawn(move || {
        loop {
            let mut piece = Vec::with_capacity(PIECE);
            match (&mut file).take(PIECE as u64).read_to_end(&mut piece) {
                Ok(0) => return Ok(()),
                // An error here means that nobody wants the rest, which ends the thread.
                Ok(_) => sender.send_wait(Bytes::from(piece))?,
                Err(error) => return sender.fail_wait(Exception::new("OSError", error.to_string())),
            }
        }
    });
    Ok(pieces)
}

/// The checksum of a whole file.
fn checksum(mut file: File) -> io::Result<u32> {
    let (mut crc, mut piece) = (Crc::new(), vec![0; PIECE]);
    loop {
        match file.read(&mut piece)? {
            0 => return Ok(crc.sum()),
            count => crc.update(&piece[..count]),
        }
    }
}

struct Directory(PathBuf);

impl Directory {
    fn path(&self, name: &str) -> Result<PathBuf, FileError> {
        if Path::new(name).file_name() != Some(OsStr::new(name)) {
            return Err(FileError::Name(name.to_owned()));
        }
        Ok(self.0.join(name))
    }

    /// Writes down what the source has. A plain method may wait for calls of its own, as a program without async
    /// does: it has a thread.
    fn draw(source: &SourceProxy, file: &mut File, expected: u32) -> Result<u64, FileError> {
        let mut chunks = source.chunks().wait()?;
        let mut crc = Crc::new();
        let mut length = 0;
        while let Some(chunk) = chunks.next_wait() {
            let chunk = chunk?;
            file.write_all(&chunk)?;
            crc.update(&chunk);
            length += chunk.len() as u64;
        }
        if crc.sum() == expected { Ok(length) } else { Err(FileError::Broken { found: crc.sum(), expected }) }
    }
}

impl FileServer for Directory {
    fn size(&self, name: String) -> Result<u64, FileError> {
        Ok(self.path(&name)?.metadata()?.len())
    }

    fn checksum(&self, name: String) -> Result<u32, FileError> {
        Ok(checksum(File::open(self.path(&name)?)?)?)
    }

    fn read(&self, name: String, offset: u64, length: u32) -> Result<Bytes, FileError> {
        let mut file = File::open(self.path(&name)?)?;
        file.seek(SeekFrom::Start(offset))?;
        // No memory for bytes that are not there, whatever length is asked for.
        let mut piece = Vec::new();
        file.take(length.into()).read_to_end(&mut piece)?;
        Ok(piece.into())
    }

    fn download(&self, name: String) -> Result<Stream<Bytes>, FileError> {
        pieces(&self.path(&name)?)
    }

    fn upload(&self, name: String, source: SourceProxy, checksum: u32) -> Result<u64, FileError> {
        let path = self.path(&name)?;
        // Nobody sees half a file: it gets its name when it is whole, and where that fails it is gone.
        let mut file = tempfile::NamedTempFile::new_in(&self.0)?;
        let length = Self::draw(&source, file.as_file_mut(), checksum)?;
        file.persist(path).map_err(|error| error.error)?;
        Ok(length)
    }
}

/// A file that somebody brings.
struct OwnFile(PathBuf);

impl Source for OwnFile {
    fn chunks(&self) -> Result<Stream<Bytes>, FileError> {
        pieces(&self.0)
    }
}

/// Bytes that look like nothing in particular.
fn make_file(path: &Path, length: usize) -> io::Result<()> {
    let mut state = 1_u32;
    let noise = std::iter::repeat_with(|| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    });
    std::fs::write(path, noise.take(length).collect::<Vec<_>>())
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let (shelf, home) = (tempfile::tempdir()?, tempfile::tempdir()?);
    make_file(&shelf.path().join("ball.bin"), 8_000_000)?;
    // Marshal and msgpack carry bytes as they are; serpent and json make base64 of them.
    let client = Client::builder().serializer(Codec::Marshal).build();
    // The daemon has the client too: for calls of the objects that it gets as arguments.
    let daemon = Daemon::builder().listen("127.0.0.1:0").client(client.clone()).bind().await?;
    let served: FileServerProxy = daemon.serve("example.filetransfer", Directory(shelf.path().to_owned()))?;

    let files: FileServerProxy = client.lookup(served.uri()).await?;
    let (size, expected) = (files.size("ball.bin").await?, files.checksum("ball.bin").await?);
    println!("ball.bin: {size} bytes, checksum {expected:08x}");

    // A call for each piece: simple, and the one who reads knows where he is, so that he can go on another day.
    let (mut crc, mut offset, mut calls) = (Crc::new(), 0, 0);
    while offset < size {
        let piece = files.read("ball.bin", offset, 1_000_000).await?;
        crc.update(&piece);
        offset += piece.len() as u64;
        calls += 1;
    }
    println!("read with {calls} calls: {}", crc.sum() == expected);

    let local = home.path().join("ball.bin");
    let mut file = File::create(&local)?;
    let mut chunks = files.download("ball.bin").await?;
    while let Some(chunk) = chunks.next().await {
        file.write_all(&chunk?)?;
    }
    println!("downloaded: {}", checksum(File::open(&local)?)? == expected);

    // The way back: the server draws from a source at our own daemon.
    let own = Daemon::bind("127.0.0.1:0").await?;
    let source: SourceProxy = own.export(OwnFile(local))?;
    println!("uploaded: {} bytes", files.upload("copy.bin", &source, expected).await?);
    println!("the copy is the same: {}", files.checksum("copy.bin").await? == expected);

    match files.upload("bad.bin", &source, expected ^ 1).await {
        Err(CallError::Remote(broken @ FileError::Broken { .. })) => println!("not taken: {broken}"),
        other => println!("{other:?}"),
    }
    for name in ["bad.bin", "../ball.bin"] {
        match files.size(name).await {
            Err(CallError::Remote(refused)) => println!("{name}: {refused}"),
            other => println!("{name}: {other:?}"),
        }
    }
    Ok(())
}

//! What hostile peers can make a daemon hold, counted by the allocator, while another client is served.
//!
//! The peers live in the same process, and are written to hold next to nothing themselves.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::available_parallelism;
use std::time::Duration;

use ferropyro::server::{DaemonBuilder, Methods};
use ferropyro::{Codec, Daemon, Dialect, Dict, Value};
use ferropyro_proto::{
    Annotations, Connect, Flags, FrameHead, FrameWriter, MessageType, SendOptions, deflate,
};
use ferropyro_value::call::encode_call;
use peak_alloc::PeakAlloc;

#[global_allocator]
static HEAP: PeakAlloc = PeakAlloc;

const MIB: usize = 1 << 20;

/// The heap is that of all tests.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

/// Runs one test at a time, and gives how much the heap grew while it ran, at most, in bytes.
fn growth_beside_a_witness(
    builder: DaemonBuilder,
    object: Methods,
    misdeed: impl FnOnce(&Daemon, &mut dyn FnMut()),
) -> usize {
    let _turn = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let daemon = builder.listen("127.0.0.1:0").bind().wait().expect("the daemon binds");
    daemon.register("obj", object.method("one", async |_| Ok(1))).expect("the id is free");
    let mut witness = connect(&daemon, Dialect::Pyro5);
    let mut be_served = || {
        for _ in 0..20 {
            let call = call(Dialect::Pyro5, Codec::Serpent, Flags::NONE, "one", &[]);
            witness.write_all(&call).expect("the daemon reads");
            answer(&mut witness, Dialect::Pyro5);
        }
    };
    be_served();
    HEAP.reset_peak_usage();
    let before = HEAP.current_usage();
    misdeed(&daemon, &mut be_served);
    be_served();
    HEAP.peak_usage().saturating_sub(before)
}

fn dial(daemon: &Daemon) -> TcpStream {
    let stream = TcpStream::connect(daemon.local_addr().expect("a TCP port")).expect("the daemon accepts");
    stream.set_read_timeout(Some(Duration::from_secs(60))).expect("a timeout can be set");
    stream
}

fn connect(daemon: &Daemon, dialect: Dialect) -> TcpStream {
    let mut stream = dial(daemon);
    introduce(&mut stream, dialect);
    stream
}

fn introduce(stream: &mut (impl Read + Write), dialect: Dialect) {
    let connect = Connect { handshake: Value::from("hello"), object: Some("obj".to_owned()) };
    let mut payload = Vec::new();
    connect.encode(Codec::Serpent, dialect, &mut payload).expect("text can be encoded");
    let frame = frame(dialect, Codec::Serpent, MessageType::Connect, Flags::META_ON_CONNECT, &payload);
    stream.write_all(&frame).expect("the daemon reads");
    answer(stream, dialect);
}

fn frame(dialect: Dialect, codec: Codec, message_type: MessageType, flags: Flags, payload: &[u8]) -> Vec<u8> {
    let options = SendOptions::default();
    let head = FrameHead { message_type, flags, seq: 0, serializer_id: dialect.serializer_id(codec) };
    let mut out = Vec::new();
    let writer =
        FrameWriter::begin(&mut out, dialect, &Annotations::new(), None, &options).expect("no annotations");
    out.extend_from_slice(payload);
    writer.finish(&mut out, &head, &options).expect("the frame is small");
    out
}

fn call(dialect: Dialect, codec: Codec, flags: Flags, method: &str, args: &[Value]) -> Vec<u8> {
    let mut payload = Vec::new();
    encode_call(codec, dialect.flavor(), "obj", method, args, Some(&Dict::new()), &mut payload)
        .expect("the arguments can be encoded");
    frame(dialect, codec, MessageType::Invoke, flags, &payload)
}

/// Reads a frame and drops it; gives its header.
fn answer(stream: &mut impl Read, dialect: Dialect) -> Vec<u8> {
    let mut header = vec![0; dialect.header_len()];
    stream.read_exact(&mut header).expect("an answer");
    let number = |at: usize, len: usize| {
        header[at..at + len].iter().fold(0, |number, byte| number << 8 | u64::from(*byte))
    };
    let annotations = if dialect == Dialect::Pyro4 { number(18, 2) } else { number(16, 4) };
    let body = number(12, 4) + annotations;
    std::io::copy(&mut stream.take(body), &mut std::io::sink()).expect("the rest of the answer");
    header
}

/// The header of a call whose payload has 1 GiB, the most that is allowed.
fn announcement(dialect: Dialect) -> Vec<u8> {
    let mut header = frame(dialect, Codec::Serpent, MessageType::Invoke, Flags::NONE, b"");
    header[12..16].copy_from_slice(&(1_u32 << 30).to_be_bytes());
    // The checksum of Pyro4 counts the lower half of the length only, which is still zero.
    header
}

#[test]
fn announcements_of_a_gibibyte_cost_what_has_come() {
    for dialect in Dialect::ALL {
        let growth = growth_beside_a_witness(Daemon::builder(), Methods::new("Obj"), |daemon, be_served| {
            let mut peers: Vec<_> = (0..50).map(|_| connect(daemon, dialect)).collect();
            for peer in &mut peers {
                peer.write_all(&announcement(dialect)).expect("the daemon reads");
                peer.write_all(&[b' '; 32 << 10]).expect("the daemon reads");
            }
            be_served();
            for peer in &mut peers {
                peer.shutdown(Shutdown::Write).expect("the connection is open");
                assert_eq!(peer.read(&mut [0]).expect("the end"), 0, "the daemon has read it all");
            }
        });
        assert!(growth < 16 * MIB, "{growth} bytes for 50 GiB announced, of which 1.6 MiB came");
    }
}

#[test]
fn decompression_bombs_go_off_a_few_at_a_time() {
    let size = 3 * MIB / 2;
    let mut payload = Vec::new();
    let zeros = [Value::from(vec![0_u8; size - 100])];
    encode_call(Codec::Msgpack, Dialect::Pyro5.flavor(), "obj", "one", &zeros, None, &mut payload)
        .expect("it can be encoded");
    let mut policy = Dialect::Pyro5.compression();
    policy.level = 9;
    let payload = deflate(&payload, policy).expect("it is worth it");
    for dialect in Dialect::ALL {
        let bomb = frame(dialect, Codec::Msgpack, MessageType::Invoke, Flags::COMPRESSED, &payload);
        let builder = Daemon::builder().max_inflated(size);
        let growth = growth_beside_a_witness(builder, Methods::new("Obj"), |daemon, be_served| {
            let mut peers: Vec<_> = (0..24).map(|_| connect(daemon, dialect)).collect();
            for peer in &mut peers {
                peer.write_all(&bomb).expect("the daemon reads");
            }
            be_served();
            for peer in &mut peers {
                answer(peer, dialect);
            }
        });
        let at_once = available_parallelism().map_or(1, usize::from);
        assert!(
            growth < at_once * 4 * size + 8 * MIB,
            "{growth} bytes for {at_once} bombs of {size} at once"
        );
    }
}

#[test]
fn references_that_repeat_a_long_text_are_counted_as_what_they_become() {
    let text = |text: &str| [b"u".as_slice(), &(text.len() as u32).to_le_bytes(), text.as_bytes()].concat();
    let repeated = 2000_u32;
    let mut payload = b"(\x04\0\0\0".to_vec();
    payload.extend(text("obj"));
    payload.extend(text("echo"));
    payload.extend_from_slice(b"(\x01\0\0\0[");
    payload.extend_from_slice(&(repeated + 1).to_le_bytes());
    let mut long = text(&"x".repeat(MIB));
    long[0] |= 0x80;
    payload.extend(long);
    payload.extend(b"r\0\0\0\0".repeat(repeated as usize));
    payload.extend_from_slice(b"{0");
    for dialect in Dialect::ALL {
        let object =
            Methods::new("Obj").method("echo", async |call| call.bind(["value"]).map(|[value]| value));
        let limits = ferropyro_value::Limits { items: 1 << 18, ..ferropyro_value::Limits::default() };
        let builder = Daemon::builder().value_limits(limits);
        let growth = growth_beside_a_witness(builder, object, |daemon, _| {
            let mut peer = connect(daemon, dialect);
            let bomb = frame(dialect, Codec::Marshal, MessageType::Invoke, Flags::NONE, &payload);
            peer.write_all(&bomb).expect("the daemon reads");
            answer(&mut peer, dialect);
        });
        assert!(growth < 32 * MIB, "{growth} bytes for {repeated} times 1 MiB");
    }
}

#[test]
fn thousands_of_answers_that_nobody_reads_wait_in_the_socket() {
    for dialect in Dialect::ALL {
        let object =
            Methods::new("Obj").method("echo", async |call| call.bind(["value"]).map(|[value]| value));
        let growth = growth_beside_a_witness(Daemon::builder(), object, |daemon, be_served| {
            let mut peer = connect(daemon, dialect);
            let mut writer = peer.try_clone().expect("a second handle");
            let request =
                call(dialect, Codec::Serpent, Flags::NONE, "echo", &[Value::from("x".repeat(4000))]);
            let writing = std::thread::spawn(move || {
                (0..5_000).for_each(|_| writer.write_all(&request).expect("the daemon reads at last"));
            });
            be_served();
            for _ in 0..5_000 {
                answer(&mut peer, dialect);
            }
            writing.join().expect("all is written");
        });
        assert!(growth < MIB, "{growth} bytes for 20 MB of answers");
    }
}

#[test]
fn oneway_calls_that_run_hold_a_bounded_amount_of_arguments() {
    for dialect in Dialect::ALL {
        let (running, release) = (Arc::new(AtomicUsize::new(0)), Arc::new(tokio::sync::Semaphore::new(0)));
        let (runs, released) = (Arc::clone(&running), Arc::clone(&release));
        let (count, starts) = std::sync::mpsc::channel();
        let count = Mutex::new(count);
        let object = Methods::new("Obj").request("hold", move |request, slot| {
            runs.fetch_add(1, Ordering::Relaxed);
            let _ = count.lock().map(|count| count.send(()));
            let released = Arc::clone(&released);
            slot.run(async move {
                drop(released.acquire().await);
                request.value(Value::None)
            });
        });
        growth_beside_a_witness(Daemon::builder(), object, |daemon, be_served| {
            let mut peer = connect(daemon, dialect);
            let mut writer = peer.try_clone().expect("a second handle");
            let request =
                call(dialect, Codec::Msgpack, Flags::ONEWAY, "hold", &[Value::from(vec![0_u8; MIB])]);
            let writing = std::thread::spawn(move || {
                (0..100).for_each(|_| writer.write_all(&request).expect("the daemon reads at last"));
            });
            (0..64).for_each(|_| starts.recv().expect("calls start"));
            be_served();
            assert_eq!(running.load(Ordering::Relaxed), 64, "64 MiB of arguments run");
            release.add_permits(100);
            writing.join().expect("all is written");
            let last = call(dialect, Codec::Serpent, Flags::NONE, "one", &[]);
            peer.write_all(&last).expect("the daemon reads");
            answer(&mut peer, dialect);
            assert_eq!(running.load(Ordering::Relaxed), 100, "none is lost");
        });
    }
}

#[test]
fn an_idle_connection_inside_tls_takes_a_few_kilobytes() {
    use ferropyro::tls::{Authorities, Identity, ServerTls};
    use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
    use tokio_rustls::rustls::pki_types::{PrivateKeyDer, ServerName};
    use tokio_rustls::rustls::{ClientConfig, ClientConnection, RootCertStore, Stream, crypto::ring};

    const CONNECTIONS: usize = 200;
    let _turn = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let mut params = CertificateParams::new([]).expect("no names");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().expect("a key");
    let authority = CertifiedIssuer::self_signed(params, key).expect("a certificate");
    let issue = || {
        let params = CertificateParams::new(["localhost".to_owned()]).expect("a name");
        let key = KeyPair::generate().expect("a key");
        (params.signed_by(&key, &authority).expect("a certificate"), key)
    };
    let ((server, server_key), (client, client_key)) = (issue(), issue());

    let identity = Identity::from_pem(server.pem(), server_key.serialize_pem()).expect("a certificate");
    let trusted = Authorities::from_pem(authority.pem()).expect("a certificate");
    let tls = ServerTls::new(identity).require_client_certificate(trusted);
    let daemon = Daemon::builder().tls(tls).listen("127.0.0.1:0").bind().wait().expect("the daemon binds");
    daemon.register("obj", Methods::new("Obj")).expect("the id is free");

    let mut roots = RootCertStore::empty();
    roots.add(authority.der().clone()).expect("a certificate");
    let key = PrivateKeyDer::try_from(client_key.serialize_der()).expect("a key");
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_root_certificates(roots)
        .with_client_auth_cert(vec![client.der().clone()], key)
        .expect("a key");
    let config = Arc::new(config);
    // What is left of a client is its socket.
    let idle = || {
        let mut socket = dial(&daemon);
        let name = ServerName::try_from("localhost").expect("a name");
        let mut tls = ClientConnection::new(Arc::clone(&config), name).expect("a client");
        introduce(&mut Stream::new(&mut tls, &mut socket), Dialect::Pyro5);
        socket
    };
    let mut sockets: Vec<_> = (0..300).map(|_| idle()).collect();
    let before = HEAP.current_usage();
    sockets.extend((0..CONNECTIONS).map(|_| idle()));
    let each = HEAP.current_usage().saturating_sub(before) / CONNECTIONS;
    println!("{each} bytes for an idle connection inside TLS");
    assert!(each < 16 << 10, "{each} bytes");
}

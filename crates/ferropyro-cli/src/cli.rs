//! The command line: what can be typed, and the help that teaches it.
//!
//! Definitions only; each command's work is in the module of its name.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueEnum};
use ferropyro::{Codec, Dialect};

/// Remote objects for Rust and Python: name server, echo server, and calls from the shell.
///
/// Speaks the protocols of Pyro4 and Pyro5 on one port. The PYRO_* environment variables mean what they
/// mean in Pyro; `ferropyro check-config` shows which are in force.
#[derive(Debug, Parser)]
#[command(name = "ferropyro", version, max_term_width = 100, arg_required_else_help = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run a name server, for Pyro4 and Pyro5 programs alike
    #[command(after_help = NS_HELP)]
    Ns(NsArgs),
    /// Ask or change a running name server
    #[command(after_help = NSC_HELP)]
    Nsc(NscArgs),
    /// Serve the test object `test.echoserver`
    #[command(after_help = ECHO_HELP)]
    Echoserver(EchoArgs),
    /// Let Pyro4 and Pyro5 programs call each other's objects, beside the name server that they have
    #[command(after_help = BRIDGE_HELP)]
    Bridge(BridgeArgs),
    /// Call a method of any object from the shell
    #[command(after_help = CALL_HELP)]
    Call(CallArgs),
    /// Show what an object exposes
    #[command(after_help = INSPECT_HELP)]
    Inspect(InspectArgs),
    /// Make the certificates that TLS needs: a private authority, a server's, a client's
    #[command(after_help = CERTS_HELP)]
    Certs(CertsArgs),
    /// Show the effective settings and where each came from
    #[command(after_help = CONFIG_HELP)]
    CheckConfig,
    /// A tour: name server, greeting, chain, callback and stream, beside genuine Pyro programs
    #[command(after_help = "The tour ends by itself. It needs no network but the loopback interface.")]
    Demo(DemoArgs),
}

const NS_HELP: &str = "\
Examples:
  ferropyro ns                          on localhost:9090, names are kept in memory
  ferropyro ns -n 0.0.0.0               reachable from other machines, answers broadcasts
  ferropyro ns -s sql:names.sqlite      names survive a restart (Pyro's own files open too)
  ferropyro ns -p 0                     on any free port; read it from the line `URI = …`
  ferropyro ns --bridge                 Pyro4 and Pyro5 programs call each other's objects through it";

const BRIDGE_HELP: &str = "\
Examples:
  ferropyro bridge                      beside the name server on localhost:9090
  ferropyro bridge --ns lab:9090 -n 0.0.0.0
The programs of one Pyro keep their name server. Those of the other use the bridge as theirs, for instance with
PYRO_NS_PORT=9094: they find all its names, and what they register is found there. Nothing is kept in the bridge.
Where the name server is one of ours, `ferropyro ns --bridge` does it without a second program.
Whoever reaches the bridge can call, through it, whatever this machine can reach.";

const NSC_HELP: &str = "\
Examples:
  ferropyro nsc list                          all names
  ferropyro nsc list lab.                     names that begin with `lab.`
  ferropyro nsc register lab.cam PYRO:cam@host:7000
  ferropyro nsc setmeta lab.cam camera cooled
  ferropyro nsc yplookup_all camera cooled    objects with both tags
Without -n, a name server is looked for on this machine (or at PYRO_NS_HOST), then by broadcast.

Exit codes: 0 done, 1 the name server refuses, 2 wrong usage, 3 no name server found.";

const ECHO_HELP: &str = "\
Examples:
  ferropyro echoserver -p 7771 &
  ferropyro call PYRO:test.echoserver@localhost:7771 echo hello
  ferropyro echoserver -N               with a name server: PYRONAME:test.echoserver finds it
It ends by SIGINT or SIGTERM, or when its method `shutdown` is called.";

const INSPECT_HELP: &str = "\
Examples:
  ferropyro inspect PYRONAME:test.echoserver
  ferropyro inspect PYRO:Pyro.Daemon@localhost:7771     the daemon itself

Exit codes: 0 done, 1 the daemon refuses (no such object), 2 wrong usage,
            3 unreachable or timed out.";

const CERTS_HELP: &str = "\
Examples:
  ferropyro certs tls                         for servers on this machine
  ferropyro certs tls --host lab.example --host 10.0.0.7
It prints the PYRO_SSL… variables that servers and clients need; genuine Pyro programs take them too.

Exit codes: 0 done, 1 a file cannot be written, 2 wrong usage, or there are files already.";

const CONFIG_HELP: &str = "\
Each setting is an environment variable with PYRO_ before its name, as in Pyro4 and Pyro5:
  PYRO_NS_PORT=9999 ferropyro check-config";

const CALL_HELP: &str = "\
An ARG is a Python literal: 42, -7, 'text', (1, 2), {'a': [1.5]}, None, b'\\x00'.
NAME=LITERAL is a keyword argument. What is no literal is a string: hello is 'hello'.
After `--`, nothing is an option: call URI METHOD -- -x

Examples:
  ferropyro call PYRO:test.echoserver@localhost:7771 echo \"{'a': (1, 2)}\"
  ferropyro call PYRONAME:test.echoserver generator          a stream: one item a line
  ferropyro call PYRONAME:test.echoserver get verbose        an attribute
  ferropyro call PYRONAME:test.echoserver set verbose True

Exit codes: 0 done, 1 the remote side raised an exception, 2 wrong usage,
            3 unreachable or timed out.";

/// Where a name server is.
#[derive(Args, Debug)]
pub(crate) struct NsArgs {
    /// Host name or address to listen on [default: localhost, or PYRO_HOST]
    #[arg(short = 'n', long, value_name = "HOST")]
    pub(crate) host: Option<String>,
    /// Port to listen on, 0 for any free one [default: 9090, or PYRO_NS_PORT]
    #[arg(short, long, value_name = "PORT")]
    pub(crate) port: Option<u16>,
    /// Unix socket to listen on instead
    #[arg(short, long, value_name = "PATH")]
    pub(crate) unixsocket: Option<String>,
    /// Where names are kept: `memory`, or `sql:FILE` for an SQLite file
    #[arg(short, long, value_name = "STORAGE", default_value = "memory")]
    pub(crate) storage: String,
    /// Address of the broadcast responder; starts it even when the server is on loopback
    #[arg(long, value_name = "HOST")]
    pub(crate) bchost: Option<String>,
    /// UDP port of the broadcast responder [default: 9091, or PYRO_NS_BCPORT]
    #[arg(long, value_name = "PORT")]
    pub(crate) bcport: Option<u16>,
    /// Host name to hand out instead of the one listened on, behind NAT
    #[arg(long, value_name = "HOST")]
    pub(crate) nathost: Option<String>,
    /// Port to hand out instead of the one listened on [default: the same number]
    #[arg(long, value_name = "PORT")]
    pub(crate) natport: Option<u16>,
    /// Start no broadcast responder
    #[arg(short = 'x', long)]
    pub(crate) nobc: bool,
    /// Bridge the two Pyros: Pyro4 programs can call Pyro5 objects that are registered here, and the other way round
    #[arg(long)]
    pub(crate) bridge: bool,
}

#[derive(Args, Debug)]
pub(crate) struct BridgeArgs {
    /// Host name or address to listen on [default: localhost, or PYRO_HOST]
    #[arg(short = 'n', long, value_name = "HOST")]
    pub(crate) host: Option<String>,
    /// Port to listen on, 0 for any free one
    #[arg(short, long, value_name = "PORT", default_value_t = 9094)]
    pub(crate) port: u16,
    /// The name server beside which it stands [default: PYRO_NS_HOST and PYRO_NS_PORT, or localhost:9090]
    #[arg(long, value_name = "HOST:PORT")]
    pub(crate) ns: Option<String>,
}

#[derive(Args, Debug)]
pub(crate) struct NscArgs {
    /// Host of the name server [default: PYRO_NS_HOST, or localhost, then a broadcast]
    #[arg(short = 'n', long, value_name = "HOST", global = true)]
    pub(crate) host: Option<String>,
    /// Port of the name server (also of its broadcast responder when no host is given)
    #[arg(short, long, value_name = "PORT", global = true)]
    pub(crate) port: Option<u16>,
    /// Unix socket of the name server
    #[arg(short, long, value_name = "PATH", global = true)]
    pub(crate) unixsocket: Option<String>,
    /// Say what is being done
    #[arg(short, long, global = true)]
    pub(crate) verbose: bool,
    #[command(subcommand)]
    pub(crate) command: NscCommand,
}

#[derive(Debug, Subcommand)]
#[command(rename_all = "lower")]
pub(crate) enum NscCommand {
    /// List all names, or those that begin with a prefix
    List {
        /// What the names begin with
        prefix: Option<String>,
    },
    /// List the names that a regular expression matches, from their start
    ListMatching {
        /// The regular expression
        pattern: String,
    },
    /// Show the URI and the metadata of a name
    Lookup {
        /// The name
        name: String,
    },
    /// Register a URI under a new name
    Register {
        /// The name
        name: String,
        /// What it stands for, such as PYRO:object@host:port
        uri: String,
    },
    /// Remove a name
    Remove {
        /// The name
        name: String,
    },
    /// Remove the names that a regular expression matches, after asking
    RemoveMatching {
        /// The regular expression
        pattern: String,
    },
    /// List the objects that have all of these tags
    #[command(name = "yplookup_all")]
    YplookupAll {
        /// The tags
        #[arg(required = true)]
        tags: Vec<String>,
    },
    /// List the objects that have at least one of these tags
    #[command(name = "yplookup_any")]
    YplookupAny {
        /// The tags
        #[arg(required = true)]
        tags: Vec<String>,
    },
    /// Set the tags of a name; none clears them
    SetMeta {
        /// The name
        name: String,
        /// The tags
        tags: Vec<String>,
    },
    /// Check that the name server answers
    Ping,
}

#[derive(Args, Debug)]
pub(crate) struct EchoArgs {
    /// Host name or address to listen on [default: localhost, or PYRO_HOST]
    #[arg(short = 'H', long, value_name = "HOST")]
    pub(crate) host: Option<String>,
    /// Port to listen on, 0 for any free one
    #[arg(short, long, value_name = "PORT", default_value_t = 0)]
    pub(crate) port: u16,
    /// Unix socket to listen on instead
    #[arg(short, long, value_name = "PATH")]
    pub(crate) unixsocket: Option<String>,
    /// Register with a running name server
    #[arg(short = 'n', long)]
    pub(crate) naming: bool,
    /// Start a name server in this process and register with it
    #[arg(short = 'N', long)]
    pub(crate) nameserver: bool,
    /// Say what is called
    #[arg(short, long)]
    pub(crate) verbose: bool,
    /// Print nothing
    #[arg(short, long)]
    pub(crate) quiet: bool,
}

/// How to reach an object.
#[derive(Args, Debug)]
pub(crate) struct Reach {
    /// Give up after so many seconds, fractions too [default: PYRO_COMMTIMEOUT, else never]
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    pub(crate) timeout: Option<Duration>,
    /// How arguments are written: serpent, json, marshal or msgpack [default: serpent, or PYRO_SERIALIZER]
    #[arg(long, value_name = "NAME", value_parser = codec)]
    pub(crate) serializer: Option<Codec>,
    /// Speak this protocol instead of finding out which one the server speaks
    #[arg(long, value_enum)]
    pub(crate) protocol: Option<Protocol>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Protocol {
    /// Pyro4's
    #[value(name = "48")]
    Pyro4,
    /// Pyro5's
    #[value(name = "502")]
    Pyro5,
}

impl From<Protocol> for Dialect {
    fn from(protocol: Protocol) -> Self {
        match protocol {
            Protocol::Pyro4 => Self::Pyro4,
            Protocol::Pyro5 => Self::Pyro5,
        }
    }
}

#[derive(Args, Debug)]
pub(crate) struct CallArgs {
    /// The object: PYRO:id@host:port, PYRONAME:name, PYROMETA:tag,tag
    pub(crate) uri: String,
    /// The method; `get` and `set` are for attributes, unless the object has methods of these names
    pub(crate) method: String,
    /// The arguments: Python literals, NAME=LITERAL, or plain text
    #[arg(value_name = "ARG", allow_negative_numbers = true)]
    pub(crate) args: Vec<String>,
    /// Print the result as JSON
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) reach: Reach,
}

#[derive(Args, Debug)]
pub(crate) struct InspectArgs {
    /// The object: PYRO:id@host:port, PYRONAME:name, PYROMETA:tag,tag
    pub(crate) uri: String,
    #[command(flatten)]
    pub(crate) reach: Reach,
}

#[derive(Args, Debug)]
pub(crate) struct CertsArgs {
    /// Where the files go; it is made if it is not there
    #[arg(value_name = "DIR")]
    pub(crate) directory: PathBuf,
    /// Host name or address that clients call the server by, several times for several [default: localhost,
    /// 127.0.0.1, ::1 and this machine's name]
    #[arg(long = "host", value_name = "NAME")]
    pub(crate) hosts: Vec<String>,
    /// How many days the certificates are valid
    #[arg(long, value_name = "DAYS", default_value_t = 1095, value_parser = clap::value_parser!(u32).range(1..=36500))]
    pub(crate) days: u32,
    /// Replace files that are there; whoever has certificates of the old authority needs new ones
    #[arg(long)]
    pub(crate) force: bool,
}

#[derive(Args, Debug)]
pub(crate) struct DemoArgs {
    /// A Python that has the genuine Pyro4 and Pyro5 installed; without it, only the Rust part is shown
    #[arg(long, value_name = "PATH", env = "FERROPYRO_DEMO_PYTHON")]
    pub(crate) python: Option<PathBuf>,
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds: f64 = text.parse().map_err(|_| "not a number of seconds".to_owned())?;
    Duration::try_from_secs_f64(seconds)
        .ok()
        .filter(|duration| !duration.is_zero())
        .ok_or_else(|| "must be more than 0 seconds".to_owned())
}

fn codec(text: &str) -> Result<Codec, String> {
    let names = || Codec::ALL.map(Codec::name).join(", ");
    Codec::from_name(text).ok_or_else(|| format!("unknown serializer; known are {}", names()))
}

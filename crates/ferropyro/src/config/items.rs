//! The table of configuration items.

use super::Kind;

/// A configuration item: what it is called, and what it is for.
#[derive(Debug)]
pub struct Item {
    /// The name; the environment variable is `PYRO_` and this.
    pub name: &'static str,
    /// What it does.
    pub meaning: &'static str,
    /// What we make of it.
    pub usage: Use,
    pub(super) kind: Kind,
    /// As it would stand in the environment.
    pub(super) default: &'static str,
}

/// What becomes of an item here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// It means what it means in Pyro.
    Honoured,
    /// It has no meaning here: why, or what replaces it.
    Replaced(&'static str),
}

const fn item(name: &'static str, kind: Kind, default: &'static str, meaning: &'static str) -> Item {
    Item { name, meaning, usage: Use::Honoured, kind, default }
}

const fn replaced(
    name: &'static str,
    kind: Kind,
    default: &'static str,
    meaning: &'static str,
    why: &'static str,
) -> Item {
    Item { name, meaning, usage: Use::Replaced(why), kind, default }
}

const NO_POOL: &str = "connections need no threads; the daemon's limit of connections bounds them instead";
const ALWAYS: &str = "this is always so here, as in Pyro5";
const NO_PICKLE: &str = "pickle and its kin run code of the peer's choice and are not decoded";

/// Every item of Pyro4 and Pyro5, in alphabetical order.
#[rustfmt::skip]
pub(super) static ITEMS: [Item; 50] = [
    replaced("AUTOPROXY", Kind::Bool, "true", "objects of a daemon travel as references", ALWAYS),
    item("BROADCAST_ADDRS", Kind::List, "<broadcast>,0.0.0.0", "addresses that are asked for a name server"),
    item("COMMTIMEOUT", Kind::Float, "0", "most seconds that a call may take; 0 is no limit"),
    item("COMPRESSION", Kind::Bool, "false", "whether payloads are compressed"),
    replaced("DETAILED_TRACEBACK", Kind::Bool, "false", "local variables in remote tracebacks", "only Python knows them"),
    replaced("DILL_PROTOCOL_VERSION", Kind::Int, "-1", "how dill writes", NO_PICKLE),
    replaced("FLAME_ENABLED", Kind::Bool, "false", "remote code execution", "it is not part of Ferropyro"),
    item("HMAC_KEY", Kind::Maybe, "", "key that signs messages of Pyro4; taken by the command line tools"),
    item("HOST", Kind::Text, "localhost", "where daemons listen"),
    replaced("HTTPGATEWAY_KEY", Kind::Maybe, "", "key that callers of the HTTP gateway must know", "there is no gateway in this version"),
    item("ITER_STREAMING", Kind::Bool, "true", "whether results may be item streams"),
    item("ITER_STREAM_LIFETIME", Kind::Float, "0", "seconds that a stream lives at most; 0 is no limit"),
    item("ITER_STREAM_LINGER", Kind::Float, "30", "seconds that a stream outlives its connection"),
    replaced("JSON_MODULE", Kind::Text, "json", "the Python module for json", "json is built in"),
    item("LOGFILE", Kind::Text, "{stderr}", "where the log goes; {stderr} is standard error"),
    item("LOGLEVEL", Kind::Maybe, "", "DEBUG, INFO, WARNING or ERROR; nothing is no log"),
    replaced("LOGWIRE", Kind::Bool, "false", "whether frames are logged", "frames are not logged"),
    item("MAX_MESSAGE_SIZE", Kind::Int, "1073741824", "most bytes of a message, compressed"),
    item("MAX_RETRIES", Kind::Int, "0", "how often a method call that failed with its connection is repeated"),
    replaced("METADATA", Kind::Bool, "true", "clients ask for names at connecting", ALWAYS),
    item("NATHOST", Kind::Maybe, "", "host that URIs name instead of the one that is bound"),
    item("NATPORT", Kind::Int, "0", "port that URIs name instead; 0 is the one that is bound"),
    item("NS_AUTOCLEAN", Kind::Float, "0", "seconds between checks of registrations; 0 is none, else at least 3"),
    item("NS_BCHOST", Kind::Maybe, "", "where the name server listens for broadcasts"),
    item("NS_BCPORT", Kind::Int, "9091", "UDP port of the name server"),
    item("NS_HOST", Kind::Text, "localhost", "where the name server is looked for"),
    item("NS_LOOKUP_DELAY", Kind::Float, "0", "most seconds that a lookup waits for a name to appear"),
    item("NS_PORT", Kind::Int, "9090", "TCP port of the name server"),
    replaced("ONEWAY_THREADED", Kind::Bool, "true", "oneway calls do not hold up the calls behind them", ALWAYS),
    replaced("PICKLE_PROTOCOL_VERSION", Kind::Int, "-1", "how pickle writes", NO_PICKLE),
    replaced("POLLTIMEOUT", Kind::Float, "2", "seconds between looks at the loop condition", "nothing polls here"),
    item("PREFER_IP_VERSION", Kind::Int, "0", "4, 6, or 0 for what the system prefers"),
    replaced("REQUIRE_EXPOSE", Kind::Bool, "true", "only what is exposed can be called", ALWAYS),
    item("SERIALIZER", Kind::Text, "serpent", "serpent, json, marshal or msgpack"),
    item("SERIALIZERS_ACCEPTED", Kind::List, "serpent,json,marshal,msgpack", "serializers that daemons accept"),
    replaced("SERPENT_BYTES_REPR", Kind::Bool, "false", "whether serpent writes bytes as Python does", "serpent writes base64, and reads both"),
    replaced("SERVERTYPE", Kind::Text, "thread", "thread or multiplex", NO_POOL),
    replaced("SOCK_NODELAY", Kind::Bool, "true", "small messages are sent at once", "they always are"),
    replaced("SOCK_REUSE", Kind::Bool, "true", "whether a port can be bound again at once", "it always can"),
    item("SSL", Kind::Bool, "false", "whether TCP connections use TLS"),
    item("SSL_CACERTS", Kind::Text, "", "file or directory of the authorities that are trusted"),
    item("SSL_CLIENTCERT", Kind::Text, "", "file of the client's certificate"),
    item("SSL_CLIENTKEY", Kind::Text, "", "file of the client's key; nothing is that of its certificate"),
    item("SSL_CLIENTKEYPASSWD", Kind::Text, "", "the password of the client's key"),
    item("SSL_REQUIRECLIENTCERT", Kind::Bool, "false", "whether daemons require a certificate of their clients"),
    item("SSL_SERVERCERT", Kind::Text, "", "file of the daemon's certificate"),
    item("SSL_SERVERKEY", Kind::Text, "", "file of the daemon's key; nothing is that of its certificate"),
    item("SSL_SERVERKEYPASSWD", Kind::Text, "", "the password of the daemon's key"),
    replaced("THREADPOOL_SIZE", Kind::Int, "80", "most threads of a daemon", NO_POOL),
    replaced("THREADPOOL_SIZE_MIN", Kind::Int, "4", "fewest threads of a daemon", NO_POOL),
];

//! `ferropyro ns`: the name server, with the lines that scripts wait for.

use ferropyro::Config;
use ferropyro_ns::{Broadcast, NameServerBuilder};

use crate::cli::NsArgs;
use crate::failure::Failure;
use crate::output::say;

/// Runs the command until a signal.
pub(crate) async fn run(args: NsArgs) -> Result<(), Failure> {
    let mut builder = NameServerBuilder::from_config(&Config::from_env()?).storage(args.storage.parse()?);
    if let Some(path) = &args.unixsocket {
        builder = builder.unix_socket(path);
    }
    if let Some(host) = args.host {
        builder = builder.host(host);
    }
    if let Some(port) = args.port {
        builder = builder.port(port);
    }
    if let Some(host) = args.bchost {
        builder = builder.broadcast_host(host);
    }
    if let Some(port) = args.bcport {
        builder = builder.broadcast_port(port);
    }
    if args.nobc {
        builder = builder.broadcast(false);
    }
    if let Some(host) = args.nathost {
        builder = builder.nat(host, args.natport.unwrap_or(0));
    } else if args.natport.is_some() {
        return Err(Failure::usage("ferropyro: --natport needs --nathost"));
    }
    let server = builder.start().await?;

    match server.broadcast() {
        Broadcast::Running(location) => say(&format!("Broadcast server running on {location}")),
        Broadcast::Loopback => say("Not starting broadcast server for localhost."),
        Broadcast::Ipv6 => say("Not starting broadcast server for IPv6."),
        Broadcast::Off => {}
    }
    if server.count() > 1 {
        say(&format!("Persistent store contains {} existing registrations.", server.count()));
    }
    let address = match server.local_addr() {
        Some(address) => address.ip().to_string(),
        None => "Unix domain socket".to_owned(),
    };
    say(&format!("NS running on {} ({address})", server.location()));
    if server.uri() == server.internal_uri() {
        say(&format!("URI = {}", server.uri()));
    } else {
        say(&format!("internal URI = {}", server.internal_uri()));
        say(&format!("external URI = {}", server.uri()));
    }
    server.run().await?;
    say("NS shut down.");
    Ok(())
}

/// What [`Daemon::bind`](ferropyro::Daemon::bind) takes: `host:port`, `[v6]:port` or `./u:path`.
pub(crate) fn address(host: &str, port: u16, unix_socket: Option<&str>) -> String {
    match unix_socket {
        Some(path) => format!("./u:{path}"),
        None if host.contains(':') && !host.starts_with('[') => format!("[{host}]:{port}"),
        None => format!("{host}:{port}"),
    }
}

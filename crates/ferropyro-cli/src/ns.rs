//! `ferropyro ns`: the name server, with the lines that scripts wait for.

use std::pin::pin;

use ferropyro::Config;
use ferropyro_ns::{Broadcast, NameServer};

use crate::cli::NsArgs;
use crate::failure::Failure;
use crate::output::announce;
use crate::settings;

/// Runs the command until a signal.
pub(crate) async fn run(args: NsArgs, config: &Config) -> Result<(), Failure> {
    let mut builder = settings::name_server(config).storage(args.storage.parse()?);
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
    builder = builder.bridge(args.bridge);
    if let Some(host) = args.nathost {
        builder = builder.nat(host, args.natport.unwrap_or(0));
    } else if args.natport.is_some() {
        return Err(Failure::usage("ferropyro: --natport needs --nathost"));
    }
    let server = builder.start().await?;
    let lines = lines(&server);
    let mut running = pin!(server.run());
    // Polled first, it catches signals from here on: scripts may send one as soon as they have read a line.
    tokio::select! {
        biased;
        outcome = &mut running => return Ok(outcome?),
        () = std::future::ready(()) => {}
    }
    for line in lines {
        announce(&line);
    }
    running.await?;
    announce("NS shut down.");
    Ok(())
}

/// What the genuine program says when it is ready (wire protocol §19.1).
fn lines(server: &NameServer) -> Vec<String> {
    let mut lines = Vec::new();
    match server.broadcast() {
        Broadcast::Running(location) => lines.push(format!("Broadcast server running on {location}")),
        Broadcast::Loopback => lines.push("Not starting broadcast server for localhost.".to_owned()),
        Broadcast::Ipv6 => lines.push("Not starting broadcast server for IPv6.".to_owned()),
        Broadcast::Off => {}
    }
    if server.count() > 1 {
        lines.push(format!("Persistent store contains {} existing registrations.", server.count()));
    }
    let address = match server.local_addr() {
        Some(address) => address.ip().to_string(),
        None => "Unix domain socket".to_owned(),
    };
    lines.push(format!("NS running on {} ({address})", server.location()));
    if server.uri() == server.internal_uri() {
        lines.push(format!("URI = {}", server.uri()));
    } else {
        lines.push(format!("internal URI = {}", server.internal_uri()));
        lines.push(format!("external URI = {}", server.uri()));
    }
    lines
}

//! `ferropyro echoserver`: serves the test object, with or without a name server.

use std::pin::pin;

use ferropyro::naming::NameServer;
use ferropyro::{Config, Location};
use ferropyro_ns::Broadcast;

use crate::cli::EchoArgs;
use crate::echo;
use crate::failure::Failure;
use crate::output::announce;
use crate::settings;

/// Runs the command until a signal, or until a caller shuts the object down.
pub(crate) async fn run(args: EchoArgs, config: &Config) -> Result<(), Failure> {
    // As in Pyro, who asks for both wants to read.
    let quiet = args.quiet && !args.verbose;
    let print = |line: &str| {
        if !quiet {
            announce(line);
        }
    };
    print("Starting Ferropyro's built-in test echo server.");
    let host = args.host.as_deref().or_else(|| config.text("HOST")).unwrap_or("localhost");
    let location = match &args.unixsocket {
        Some(path) => Location::unix(path),
        None => Location::tcp(host, args.port),
    };
    let daemon = settings::daemon(config).listen(location.to_string()).bind().await?;
    let uri = daemon.register(echo::NAME, echo::object(&daemon, args.verbose))?;

    // Kept while the echo server runs; its port closes with it.
    let mut own_names = None;
    if args.nameserver {
        let server = settings::name_server(config).host(host).start().await?;
        if args.verbose {
            print(&format!("using name server at {}", server.uri()));
            match server.broadcast() {
                Broadcast::Running(location) => print(&format!("broadcast server running at {location}")),
                _ => print("not using a broadcast server"),
            }
        }
        let names = settings::plain_client(config).name_server_at(server.location().clone()).await?;
        register(&names, &uri.to_string()).await?;
        own_names = Some(server);
    } else if args.naming {
        let names = settings::plain_client(config).name_server().await?;
        if args.verbose {
            print(&format!("using name server at {}", names.uri()));
        }
        register(&names, &uri.to_string()).await?;
    } else if args.verbose {
        print("not using a name server.");
    }

    let mut running = pin!(daemon.run().into_future());
    // Polled first, it catches signals from here on: scripts may send one as soon as they have read a line.
    tokio::select! {
        biased;
        outcome = &mut running => return Ok(outcome?),
        () = std::future::ready(()) => {}
    }
    print(&format!("object name: {}", echo::NAME));
    print(&format!("echo uri: {uri}"));
    print("echoserver running.");
    running.await?;
    if let Some(server) = own_names {
        server.stop().await?;
    }
    Ok(())
}

async fn register(names: &NameServer, uri: &str) -> Result<(), Failure> {
    names.register(echo::NAME, uri).await?;
    Ok(())
}

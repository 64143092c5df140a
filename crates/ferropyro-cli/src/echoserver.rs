//! `ferropyro echoserver`: serves the test object, with or without a name server.

use ferropyro::naming::NameServer;
use ferropyro::{Client, Config, Daemon};
use ferropyro_ns::Broadcast;

use crate::cli::EchoArgs;
use crate::echo;
use crate::failure::Failure;
use crate::output::say;

/// Runs the command until a signal, or until a caller shuts the object down.
pub(crate) async fn run(args: EchoArgs) -> Result<(), Failure> {
    let print = |line: &str| {
        if !args.quiet {
            say(line);
        }
    };
    print("Starting Ferropyro's built-in test echo server.");
    let config = Config::from_env()?;
    let host = args.host.clone().or_else(|| config.text("HOST").map(str::to_owned));
    let host = host.unwrap_or_else(|| "localhost".to_owned());
    let address = crate::ns::address(&host, args.port, args.unixsocket.as_deref());
    let daemon = Daemon::bind(&address).await?;
    let uri = daemon.register(echo::NAME, echo::object(&daemon, args.verbose))?;

    // Kept while the echo server runs; its port closes with it.
    let mut own_names = None;
    if args.nameserver {
        let server = ferropyro_ns::NameServer::builder().host(&host).start().await?;
        if args.verbose {
            print(&format!("using name server at {}", server.uri()));
            match server.broadcast() {
                Broadcast::Running(location) => print(&format!("broadcast server running at {location}")),
                _ => print("not using a broadcast server"),
            }
        }
        let names = Client::new().name_server_at(server.location().clone()).await?;
        register(&names, &uri.to_string()).await?;
        own_names = Some(server);
    } else if args.naming {
        let names = Client::new().name_server().await?;
        if args.verbose {
            print(&format!("using name server at {}", names.uri()));
        }
        register(&names, &uri.to_string()).await?;
    } else if args.verbose {
        print("not using a name server.");
    }

    print(&format!("object name: {}", echo::NAME));
    print(&format!("echo uri: {uri}"));
    print("echoserver running.");
    daemon.run().await?;
    if let Some(server) = own_names {
        server.stop().await?;
    }
    Ok(())
}

async fn register(names: &NameServer, uri: &str) -> Result<(), Failure> {
    names.register(echo::NAME, uri).await?;
    Ok(())
}

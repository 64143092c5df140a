//! `ferropyro bridge`: stands beside a name server of one Pyro, for the programs of the other.

use std::pin::pin;

use ferropyro::{Config, Location};
use ferropyro_ns::{NAME_SERVER, Relay};

use crate::cli::BridgeArgs;
use crate::failure::Failure;
use crate::output::announce;
use crate::settings;

/// Runs the command until a signal.
pub(crate) async fn run(args: BridgeArgs, config: &Config) -> Result<(), Failure> {
    let host = args.host.as_deref().or_else(|| config.text("HOST")).unwrap_or("localhost");
    let daemon = settings::daemon(config).listen(Location::tcp(host, args.port).to_string());
    let behind = match &args.ns {
        Some(location) => Location::parse(location, Some(config.ns_port()))
            .map_err(|error| Failure::usage(format!("ferropyro: --ns: {error}")))?,
        None => config.name_server(),
    };
    let names = behind.to_string();
    let daemon = Relay::start(daemon, settings::plain_client(config), behind).await?;
    let mut running = pin!(daemon.run().into_future());
    // Polled first, it catches signals from here on: scripts may send one as soon as they have read a line.
    tokio::select! {
        biased;
        outcome = &mut running => return Ok(outcome?),
        () = std::future::ready(()) => {}
    }
    announce(&format!("bridge running on {}, beside the name server at {names}", daemon.location()));
    announce(&format!("URI = {}", daemon.uri_for(NAME_SERVER)));
    running.await?;
    announce("bridge shut down.");
    Ok(())
}

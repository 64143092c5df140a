//! `ferropyro nsc`: name server control, with the output that scripts know from Pyro's own.

use std::io::{Write, stdin, stdout};

use ferropyro::naming::{NameServer, Registration};
use ferropyro::{Client, Location, literal};

use crate::cli::{NscArgs, NscCommand};
use crate::failure::Failure;
use crate::output::say;

/// Runs the command.
pub(crate) async fn run(args: NscArgs) -> Result<(), Failure> {
    if args.verbose {
        say("Locating name server...");
    }
    let names = locate(&args).await?;
    if args.verbose {
        say(&format!("Name server found: {}", names.uri()));
    }
    match args.command {
        NscCommand::Ping => {
            names.ping().await?;
            say("Name server ping ok.");
        }
        NscCommand::List { prefix: None } => print_list(names.list().await?, ""),
        NscCommand::List { prefix: Some(prefix) } => {
            print_list(names.list_prefix(&prefix).await?, &format!("- prefix {}", quoted(&prefix)));
        }
        NscCommand::ListMatching { pattern } => {
            print_list(names.list_regex(&pattern).await?, &format!("- regex {}", quoted(&pattern)));
        }
        NscCommand::YplookupAll { tags } => {
            print_list(names.yplookup_all(&tags).await?, " - searched by metadata");
        }
        NscCommand::YplookupAny { tags } => {
            print_list(names.yplookup_any(&tags).await?, " - searched by metadata");
        }
        NscCommand::Lookup { name } => {
            let entry = names.lookup_with_metadata(&name).await?;
            say(&entry.text);
            if !entry.metadata.is_empty() {
                say(&format!("metadata: {}", tags(&entry)));
            }
        }
        NscCommand::Register { name, uri } => {
            names.register(&name, &uri).safe().await?;
            say(&format!("Registered {name}"));
        }
        NscCommand::Remove { name } => match names.remove(&name).await? {
            0 => say("Nothing removed"),
            _ => say(&format!("Removed {name}")),
        },
        NscCommand::RemoveMatching { pattern } => {
            if confirmed()? {
                let removed = names.remove_regex(&pattern).await?;
                say(&format!("{removed} items removed."));
            }
        }
        NscCommand::SetMeta { name, tags } => {
            names.set_metadata(&name, &tags).await?;
            say(if tags.is_empty() { "Metadata cleared" } else { "Metadata updated" });
        }
    }
    if args.verbose {
        say("Done.");
    }
    Ok(())
}

async fn locate(args: &NscArgs) -> Result<NameServer, Failure> {
    let client = Client::new();
    let location = match (&args.unixsocket, &args.host) {
        (Some(path), _) => Some(Location::unix(path)),
        (None, Some(host)) => Some(
            Location::parse(&bracketed(host), Some(args.port.unwrap_or(9090)))
                .map_err(|error| Failure::usage(format!("ferropyro: {error}")))?,
        ),
        (None, None) => None,
    };
    Ok(match (location, args.port) {
        (Some(location), _) => client.name_server_at(location).await?,
        (None, Some(port)) => near(port).name_server().await?,
        (None, None) => client.name_server().await?,
    })
}

/// A client that looks for a name server on this machine at that port first.
fn near(port: u16) -> Client {
    Client::builder().name_server(Location::tcp("localhost", port)).build()
}

/// A bare IPv6 address gets the brackets that a location needs.
fn bracketed(host: &str) -> String {
    if host.contains(':') && !host.starts_with(['[', '.']) { format!("[{host}]") } else { host.to_owned() }
}

fn print_list(entries: Vec<Registration>, title: &str) {
    say(&format!("--------START LIST {title}"));
    let mut entries = entries;
    entries.sort_by(|a, b| a.name.cmp(&b.name));
    for entry in &entries {
        say(&format!("{} --> {}", entry.name, entry.text));
        if !entry.metadata.is_empty() {
            say(&format!("    metadata: {}", tags(entry)));
        }
    }
    say(&format!("--------END LIST {title}"));
}

/// Tags as Python shows a set, in alphabetical order.
fn tags(entry: &Registration) -> String {
    let mut tags: Vec<String> = entry.metadata.iter().map(|tag| quoted(tag)).collect();
    tags.sort();
    format!("{{{}}}", tags.join(", "))
}

fn quoted(text: &str) -> String {
    literal::repr(&text.into())
}

fn confirmed() -> Result<bool, Failure> {
    print!("Potentially removing lots of items from the Name server. Are you sure (y/n)?");
    stdout().flush().map_err(|error| Failure::new(error.to_string()))?;
    let mut answer = String::new();
    stdin().read_line(&mut answer).map_err(|error| Failure::new(error.to_string()))?;
    Ok(matches!(answer.trim(), "y" | "Y"))
}

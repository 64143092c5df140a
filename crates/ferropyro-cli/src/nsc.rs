//! `ferropyro nsc`: name server control, with the output that scripts know from Pyro's own.

use std::io::{Write, stdin, stdout};

use ferropyro::naming::{NameServer, Registration};
use ferropyro::{CallError, Config, Error, Location, literal};

use crate::cli::{NscArgs, NscCommand};
use crate::failure::Failure;
use crate::output::{columns, heading, on_terminal, say};
use crate::{settings, suggest};

/// Runs the command.
pub(crate) async fn run(args: NscArgs, config: &Config) -> Result<(), Failure> {
    if args.verbose {
        say("Locating name server...")?;
    }
    let names = locate(&args, config).await.map_err(|failure| {
        let told_where = args.host.is_some() || args.unixsocket.is_some();
        if told_where { failure } else { failure.with_hint("`nsc -n HOST -p PORT` says where it is.") }
    })?;
    if args.verbose {
        say(&format!("Name server found: {}", names.uri()))?;
    }
    let sure = !matches!(args.command, NscCommand::RemoveMatching { .. }) || confirmed()?;
    if sure {
        match execute(&names, &args.command).await {
            Ok(text) => say(&text)?,
            Err(error) => return Err(refused(&names, &args.command, error).await),
        }
    }
    if args.verbose {
        say("Done.")?;
    }
    Ok(())
}

/// Where the arguments say, else where the environment says, else near by or by broadcast.
async fn locate(args: &NscArgs, config: &Config) -> Result<NameServer, Failure> {
    let client = settings::client(config);
    let location = match (&args.unixsocket, &args.host, args.port) {
        (Some(path), _, _) => Location::unix(path),
        (None, Some(host), port) => {
            let port = port.unwrap_or_else(|| config.ns_port());
            Location::parse(&bracketed(host), Some(port))
                .map_err(|error| Failure::usage(format!("ferropyro: {error}")))?
        }
        (None, None, Some(port)) => {
            let host = config.text("NS_HOST").unwrap_or("localhost");
            let client = client.name_server(Location::tcp(host, port)).broadcast_port(port);
            return Ok(client.build().name_server().await?);
        }
        (None, None, None) => return Ok(client.build().name_server().await?),
    };
    Ok(client.build().name_server_at(location).await?)
}

/// A bare IPv6 address gets the brackets that a location needs.
fn bracketed(host: &str) -> String {
    if host.contains(':') && !host.starts_with(['[', '.']) { format!("[{host}]") } else { host.to_owned() }
}

/// Does what was asked, and says what came of it.
async fn execute(names: &NameServer, command: &NscCommand) -> Result<String, Error> {
    Ok(match command {
        NscCommand::Ping => {
            names.ping().await?;
            "Name server ping ok.".to_owned()
        }
        NscCommand::List { prefix: None } => list(names.list().await?, ""),
        NscCommand::List { prefix: Some(prefix) } => {
            list(names.list_prefix(prefix).await?, &format!("- prefix '{prefix}'"))
        }
        NscCommand::ListMatching { pattern } => {
            list(names.list_regex(pattern).await?, &format!("- regex '{pattern}'"))
        }
        NscCommand::YplookupAll { tags } => list(names.yplookup_all(tags).await?, " - searched by metadata"),
        NscCommand::YplookupAny { tags } => list(names.yplookup_any(tags).await?, " - searched by metadata"),
        NscCommand::Lookup { name } => {
            let entry = names.lookup_with_metadata(name).await?;
            if entry.metadata.is_empty() {
                entry.text
            } else {
                format!("{}\nmetadata: {}", entry.text, tags(&entry))
            }
        }
        NscCommand::Register { name, uri } => {
            names.register(name, uri).safe().await?;
            format!("Registered {name}")
        }
        NscCommand::Remove { name } => match names.remove(name).await? {
            0 => "Nothing removed".to_owned(),
            _ => format!("Removed {name}"),
        },
        NscCommand::RemoveMatching { pattern } => {
            format!("{} items removed.", names.remove_regex(pattern).await?)
        }
        NscCommand::SetMeta { name, tags } => {
            names.set_metadata(name, tags).await?;
            if tags.is_empty() { "Metadata cleared" } else { "Metadata updated" }.to_owned()
        }
    })
}

/// What the name server refuses is told on standard output, as Pyro's own tool does, and scripts read it
/// there. What may help stands on standard error.
async fn refused(names: &NameServer, command: &NscCommand, error: Error) -> Failure {
    let line = match error.kind() {
        CallError::Naming(text) => format!("Error: NamingError - {text}"),
        CallError::Exception(exception) => {
            format!("Error: {} - {}", exception.name(), exception.message())
        }
        _ => return error.into(),
    };
    if let Err(failure) = say(&line) {
        return failure;
    }
    match command {
        NscCommand::Lookup { name } | NscCommand::SetMeta { name, .. } => {
            let hint = suggest::close_names(names, name).await;
            hint.map_or_else(Failure::told, |hint| Failure::told().with_hint(&hint))
        }
        NscCommand::Register { name, .. } if line.contains("already registered") => Failure::told()
            .with_hint(&format!("`ferropyro nsc remove {name}` makes room, if it may be replaced.")),
        NscCommand::Register { .. } if line.contains("invalid uri") => {
            Failure::told().with_hint("What is registered is the URI of an object: PYRO:object@host:port")
        }
        _ => Failure::told(),
    }
}

fn list(mut entries: Vec<Registration>, title: &str) -> String {
    entries.sort_by(|a, b| a.name.cmp(&b.name));
    if on_terminal() { table(&entries) } else { plain(&entries, title) }
}

/// For scripts: the lines of the genuine program.
fn plain(entries: &[Registration], title: &str) -> String {
    let mut text = format!("--------START LIST {title}\n");
    for entry in entries {
        text.push_str(&format!("{} --> {}\n", entry.name, entry.text));
        if !entry.metadata.is_empty() {
            text.push_str(&format!("    metadata: {}\n", tags(entry)));
        }
    }
    text + "--------END LIST " + title
}

/// For people.
fn table(entries: &[Registration]) -> String {
    let titles = ["NAME", "URI", "TAGS"].map(str::to_owned);
    let rows = entries.iter().map(|entry| {
        let tags: Vec<&str> = entry.metadata.iter().map(String::as_str).collect();
        [entry.name.clone(), entry.text.clone(), tags.join(", ")]
    });
    let mut lines = columns(&std::iter::once(titles).chain(rows).collect::<Vec<_>>());
    if let Some(first) = lines.first_mut() {
        *first = heading(first);
    }
    lines.join("\n")
}

/// Tags as Python shows a set, in alphabetical order.
fn tags(entry: &Registration) -> String {
    let tags: Vec<String> = entry.metadata.iter().map(|tag| literal::repr(&tag.into())).collect();
    format!("{{{}}}", tags.join(", "))
}

fn confirmed() -> Result<bool, Failure> {
    print!("Potentially removing lots of items from the Name server. Are you sure (y/n)?");
    let read = |error: std::io::Error| Failure::new(format!("ferropyro: cannot ask: {error}"));
    stdout().flush().map_err(read)?;
    let mut answer = String::new();
    stdin().read_line(&mut answer).map_err(read)?;
    Ok(matches!(answer.trim(), "y" | "Y"))
}

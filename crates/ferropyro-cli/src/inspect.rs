//! `ferropyro inspect`: what an object exposes.

use ferropyro::Config;
use ferropyro::server::{Interface, MethodInfo};

use crate::cli::InspectArgs;
use crate::failure::Failure;
use crate::output::say;
use crate::reach::{explain, reach};

/// Runs the command.
pub(crate) async fn run(args: InspectArgs, config: &Config) -> Result<(), Failure> {
    let proxy = reach(&args.uri, &args.reach, config).await?;
    let metadata =
        proxy.metadata().await.map_err(|error| explain(error.into_kind(), &proxy, &args.reach, config))?;
    say(&format!("object:      {}", proxy.uri()))?;
    if let Some(dialect) = proxy.dialect() {
        say(&format!("protocol:    {dialect}"))?;
    }
    let plain = metadata.methods.iter().filter(|name| !metadata.oneway.contains(name));
    print_names("methods:", plain)?;
    print_names("oneway:", metadata.oneway.iter())?;
    print_names("attributes:", metadata.attrs.iter())?;
    match proxy.describe().await {
        Ok(interface) if is_told(&interface) => print_interface(&interface),
        // The names are all that a genuine Pyro knows.
        _ => Ok(()),
    }
}

/// Whether more is known than names.
fn is_told(interface: &Interface) -> bool {
    let method = |(_, info): (&str, &MethodInfo)| info.doc.is_some() || info.parameters.is_some();
    interface.type_doc().is_some() || interface.methods().any(method)
}

/// What the members are for, and which parameters they have.
fn print_interface(interface: &Interface) -> Result<(), Failure> {
    say("")?;
    say(&headed(interface.type_name(), interface.type_doc()))?;
    for (name, info) in interface.methods() {
        say(&format!("  {}", headed(&signature(name, info), info.doc.as_deref())))?;
    }
    for (name, info) in interface.attributes() {
        let access = match (info.readable, info.writable) {
            (true, true) => "read, write",
            (false, true) => "write",
            (_, false) => "read",
        };
        say(&format!("  {}", headed(&format!("{name} ({access})"), info.doc.as_deref())))?;
    }
    Ok(())
}

/// A name and the first line of what is said of it.
fn headed(name: &str, doc: Option<&str>) -> String {
    match doc.and_then(|doc| doc.lines().next()) {
        Some(line) => format!("{name:<36} {line}"),
        None => name.to_owned(),
    }
}

/// A method as Python shows it; what may be left out has some default.
fn signature(name: &str, info: &MethodInfo) -> String {
    let Some(parameters) = &info.parameters else { return format!("{name}(…)") };
    let required = parameters.len().saturating_sub(info.optional);
    let parameters = parameters.iter().enumerate();
    let shown: Vec<_> = parameters
        .map(|(index, name)| if index < required { name.clone() } else { format!("{name}=…") })
        .collect();
    format!("{name}({})", shown.join(", "))
}

fn print_names<'n>(title: &str, names: impl Iterator<Item = &'n String>) -> Result<(), Failure> {
    let mut names: Vec<&str> = names.map(String::as_str).collect();
    names.sort_unstable();
    let names = if names.is_empty() { "-".to_owned() } else { names.join(", ") };
    say(&format!("{title:<12} {names}"))
}

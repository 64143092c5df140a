//! `ferropyro inspect`: what an object exposes.

use ferropyro::Config;

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
    print_names("attributes:", metadata.attrs.iter())
}

fn print_names<'n>(title: &str, names: impl Iterator<Item = &'n String>) -> Result<(), Failure> {
    let mut names: Vec<&str> = names.map(String::as_str).collect();
    names.sort_unstable();
    let names = if names.is_empty() { "-".to_owned() } else { names.join(", ") };
    say(&format!("{title:<12} {names}"))
}

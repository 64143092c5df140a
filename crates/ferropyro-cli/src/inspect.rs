//! `ferropyro inspect`: what an object exposes.

use crate::call::{explain, reach};
use crate::cli::InspectArgs;
use crate::failure::Failure;
use crate::output::say;

/// Runs the command.
pub(crate) async fn run(args: InspectArgs) -> Result<(), Failure> {
    let proxy = reach(&args.uri, &args.reach).await?;
    let metadata = proxy.metadata().await.map_err(|error| explain(error.into_kind(), &args.reach))?;
    say(&format!("object:      {}", proxy.uri()));
    if let Some(dialect) = proxy.dialect() {
        say(&format!("protocol:    {dialect}"));
    }
    let plain = metadata.methods.iter().filter(|name| !metadata.oneway.contains(name));
    print_names("methods:", plain);
    print_names("oneway:", metadata.oneway.iter());
    print_names("attributes:", metadata.attrs.iter());
    Ok(())
}

fn print_names<'n>(title: &str, names: impl Iterator<Item = &'n String>) {
    let mut names: Vec<&str> = names.map(String::as_str).collect();
    names.sort_unstable();
    let names = if names.is_empty() { "-".to_owned() } else { names.join(", ") };
    say(&format!("{title:<12} {names}"));
}

//! `ferropyro check-config`: every setting, its value, where that came from, and what it does here.

use ferropyro::Config;
use ferropyro::config::{Setting, Use};

use crate::failure::Failure;
use crate::output::{columns, say};

/// Runs the command.
pub(crate) fn run(config: &Config) -> Result<(), Failure> {
    say(&format!("Ferropyro version: {}", env!("CARGO_PKG_VERSION")))?;
    say("Protocol versions: 48 (Pyro4) and 502 (Pyro5)")?;
    say("Currently active configuration settings:")?;
    let rows: Vec<_> = config
        .items()
        .map(|(item, setting, source)| {
            let effect = match item.usage {
                Use::Honoured => item.meaning.to_owned(),
                Use::Replaced(why) => format!("{} [no effect here: {why}]", item.meaning),
            };
            [format!("{} = {}", item.name, shown(item.name, setting)), source.to_string(), effect]
        })
        .collect();
    columns(&rows).iter().try_for_each(|line| say(line))
}

/// As Pyro shows it, but no secret in a terminal or a log.
fn shown(name: &str, setting: &Setting) -> String {
    let secret = name.ends_with("_KEY") || name.ends_with("PASSWD");
    match setting {
        Setting::Text(text) if secret && !text.is_empty() => "***".to_owned(),
        Setting::Text(text) => text.clone(),
        other => other.to_string(),
    }
}

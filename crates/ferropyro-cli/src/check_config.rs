//! `ferropyro check-config`: every setting, its value, where that came from, and what it does here.

use ferropyro::Config;
use ferropyro::config::{Setting, Use};
use ferropyro::tls::{ClientTls, ServerTls};

use crate::failure::Failure;
use crate::output::{columns, complain, say};

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
    columns(&rows).iter().try_for_each(|line| say(line))?;
    if config.flag("SSL") {
        check_tls(config);
    }
    Ok(())
}

/// Reads the files of TLS, and says what is wrong with them. A program that only calls needs no server's.
fn check_tls(config: &Config) {
    let server = config.text("SSL_SERVERCERT").map_or(Ok(None), |_| ServerTls::from_config(config));
    let client = ClientTls::from_config(config);
    let mut faults: Vec<_> =
        [server.err(), client.err()].into_iter().flatten().map(|error| error.to_string()).collect();
    faults.dedup();
    for fault in faults {
        complain(&format!("warning: {fault}"));
    }
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

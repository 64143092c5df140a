//! [`Config`]: the settings that Pyro takes from `PYRO_*` environment variables (wire protocol §18).
//!
//! One table says of each item what it is, what it is unless said otherwise, and what we make of it. Builders
//! of clients and daemons start from a `Config`; nothing reads the environment later.

mod items;

use std::env;
use std::fmt;
use std::time::Duration;

use ferropyro_value::{Codec, Location};

use crate::CallError;
use items::ITEMS;
pub use items::{Item, Use};

/// What an item is set to.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Setting {
    /// Nothing: the item is off, or the system decides.
    None,
    /// On or off.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A number, mostly of seconds.
    Float(f64),
    /// A text.
    Text(String),
    /// Several texts.
    List(Vec<String>),
}

impl fmt::Display for Setting {
    /// As Python's `repr` shows it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str("None"),
            Self::Bool(true) => f.write_str("True"),
            Self::Bool(false) => f.write_str("False"),
            Self::Int(number) => write!(f, "{number}"),
            Self::Float(number) => write!(f, "{number:?}"),
            Self::Text(text) => f.write_str(&ferropyro_value::literal::repr(&text.into())),
            Self::List(texts) => f.write_str(&ferropyro_value::literal::repr(&texts.iter().collect())),
        }
    }
}

/// Where a setting comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// It is what it is unless said otherwise.
    Default,
    /// The environment variable `PYRO_` and the item's name.
    Environment,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Default => "default",
            Self::Environment => "environment",
        })
    }
}

/// The kinds of text that an environment variable may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Bool,
    Int,
    Float,
    Text,
    /// A text, or nothing where it is empty.
    Maybe,
    List,
}

/// Every setting, with where it comes from.
#[derive(Clone, Debug)]
pub struct Config {
    /// In the order of [`ITEMS`].
    settings: Vec<(Setting, Source)>,
    warnings: Vec<String>,
}

impl Default for Config {
    /// The defaults, whatever the environment says.
    fn default() -> Self {
        let settings = ITEMS.iter().map(|item| (item.default_setting(), Source::Default)).collect();
        Self { settings, warnings: Vec::new() }
    }
}

impl Config {
    /// The defaults, overridden by the `PYRO_*` variables of this process.
    ///
    /// # Errors
    /// [`CallError::Config`]: a variable holds what its item cannot be.
    pub fn from_env() -> Result<Self, CallError> {
        // A variable that is not Unicode can be none of ours: all of ours are ASCII by name, and a value
        // that is no text is refused like any other wrong one.
        Self::from_vars(env::vars_os().filter_map(|(name, value)| {
            Some((name.into_string().ok()?, value.to_string_lossy().into_owned()))
        }))
    }

    /// The defaults, overridden by the `PYRO_*` variables among these.
    ///
    /// # Errors
    /// As [`from_env`](Self::from_env).
    pub fn from_vars(vars: impl IntoIterator<Item = (String, String)>) -> Result<Self, CallError> {
        let mut config = Self::default();
        for (variable, value) in vars {
            let Some(name) = variable.strip_prefix("PYRO_") else { continue };
            let Some(at) = ITEMS.iter().position(|item| item.name == name) else {
                config.warnings.push(unknown(&variable));
                continue;
            };
            if let (Some(item), Some(place)) = (ITEMS.get(at), config.settings.get_mut(at)) {
                *place = (parse(item, &variable, &value)?, Source::Environment);
                if let Use::Replaced(by) = item.usage {
                    config.warnings.push(format!("{variable} has no effect: {by}"));
                }
            }
        }
        config.check()?;
        config.warn_of_idle_tls();
        Ok(config)
    }

    /// What looks like a mistake in the environment, and stops nothing: variables that are unknown or have
    /// no meaning here.
    #[must_use]
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }

    /// Every item with its setting and where that comes from, in alphabetical order.
    pub fn items(&self) -> impl ExactSizeIterator<Item = (&'static Item, &Setting, Source)> {
        ITEMS.iter().zip(&self.settings).map(|(item, (setting, source))| (item, setting, *source))
    }

    /// The setting of an item; [`Setting::None`] for a name that is none.
    #[must_use]
    pub fn setting(&self, name: &str) -> &Setting {
        static NONE: Setting = Setting::None;
        let at = ITEMS.iter().position(|item| item.name == name);
        at.and_then(|at| self.settings.get(at)).map_or(&NONE, |(setting, _)| setting)
    }

    /// Whether an item is on.
    #[must_use]
    pub fn flag(&self, name: &str) -> bool {
        matches!(self.setting(name), Setting::Bool(true))
    }

    /// An item's text; nothing where it is off or empty.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        match self.setting(name) {
            Setting::Text(text) if !text.is_empty() => Some(text),
            _ => None,
        }
    }

    /// An item's whole number, as far as it is not negative.
    #[must_use]
    pub fn number(&self, name: &str) -> Option<u64> {
        match self.setting(name) {
            Setting::Int(number) => u64::try_from(*number).ok(),
            _ => None,
        }
    }

    /// An item's number of seconds; nothing where it is 0, which means no limit.
    #[must_use]
    pub fn seconds(&self, name: &str) -> Option<Duration> {
        match self.setting(name) {
            Setting::Float(seconds) if *seconds > 0.0 => Duration::try_from_secs_f64(*seconds).ok(),
            _ => None,
        }
    }

    /// The serializer that calls use unless told otherwise.
    #[must_use]
    pub fn serializer(&self) -> Codec {
        self.text("SERIALIZER").and_then(Codec::from_name).unwrap_or_default()
    }

    /// Where the name server is looked for first.
    #[must_use]
    pub fn name_server(&self) -> Location {
        let host = self.text("NS_HOST").unwrap_or("localhost");
        Location::parse(host, Some(self.ns_port())).unwrap_or_else(|_| Location::tcp(host, self.ns_port()))
    }

    /// The port of name servers where nothing else is said.
    #[must_use]
    pub fn ns_port(&self) -> u16 {
        self.port("NS_PORT")
    }

    /// The UDP port on which name servers answer broadcasts.
    #[must_use]
    pub fn broadcast_port(&self) -> u16 {
        self.port("NS_BCPORT")
    }

    fn port(&self, name: &str) -> u16 {
        self.number(name).and_then(|port| u16::try_from(port).ok()).unwrap_or_default()
    }

    /// Where broadcasts are sent to.
    #[must_use]
    pub fn broadcast_addresses(&self) -> &[String] {
        match self.setting("BROADCAST_ADDRS") {
            Setting::List(addresses) => addresses,
            _ => &[],
        }
    }

    /// Who names certificates wants them to be used.
    fn warn_of_idle_tls(&mut self) {
        if self.flag("SSL") {
            return;
        }
        let named = ["SSL_CACERTS", "SSL_CLIENTCERT", "SSL_REQUIRECLIENTCERT", "SSL_SERVERCERT"];
        if let Some(name) = named.into_iter().find(|name| self.flag(name) || self.text(name).is_some()) {
            self.warnings
                .push(format!("PYRO_{name} has no effect while PYRO_SSL is off: connections are plain"));
        }
    }

    /// What holds between items, and what an item's kind does not say.
    fn check(&self) -> Result<(), CallError> {
        let wrong = |text: String| Err(CallError::Config(text));
        let serializer = self.text("SERIALIZER").unwrap_or_default();
        if Codec::from_name(serializer).is_none() {
            return wrong(format!(
                "serializer '{serializer}' is unknown or not available (PYRO_SERIALIZER may be {})",
                Codec::ALL.map(Codec::name).join(", ")
            ));
        }
        for name in ["NS_PORT", "NS_BCPORT", "NATPORT"] {
            if self.number(name).is_none_or(|port| port > u64::from(u16::MAX)) {
                return wrong(format!(
                    "invalid Pyro environment config value: PYRO_{name}={} (a port is 0 to 65535)",
                    self.setting(name)
                ));
            }
        }
        match self.setting("PREFER_IP_VERSION") {
            Setting::Int(0 | 4 | 6) => {}
            other => {
                return wrong(format!(
                    "invalid Pyro environment config value: PYRO_PREFER_IP_VERSION={other} (0, 4 or 6)"
                ));
            }
        }
        let autoclean = self.seconds("NS_AUTOCLEAN").unwrap_or_default();
        if !autoclean.is_zero() && autoclean < Duration::from_secs(3) {
            return wrong("NS_AUTOCLEAN cannot be smaller than 3".to_owned());
        }
        match self.text("SERVERTYPE") {
            Some("thread" | "multiplex") => Ok(()),
            other => wrong(format!("invalid server type '{}'", other.unwrap_or_default())),
        }
    }
}

impl Item {
    fn default_setting(&self) -> Setting {
        // The table is ours, so that its defaults are right; a test sees to it.
        parse(self, self.name, self.default).unwrap_or(Setting::None)
    }
}

fn parse(item: &Item, variable: &str, value: &str) -> Result<Setting, CallError> {
    let wrong = |expected: &str| {
        CallError::Config(format!(
            "invalid Pyro environment config value: {variable}={value} (it must be {expected})"
        ))
    };
    Ok(match item.kind {
        Kind::Bool => match value.to_ascii_lowercase().as_str() {
            "0" | "off" | "no" | "false" => Setting::Bool(false),
            "1" | "on" | "yes" | "true" => Setting::Bool(true),
            _ => {
                return Err(CallError::Config(format!(
                    "invalid boolean value: {variable}={value} (it must be 0, off, no, false, 1, on, yes or true)"
                )));
            }
        },
        Kind::Int => Setting::Int(value.trim().parse().map_err(|_| wrong("a whole number"))?),
        Kind::Float => match value.trim().parse::<f64>() {
            Ok(number) if number.is_finite() => Setting::Float(number),
            _ => return Err(wrong("a number")),
        },
        Kind::Text => Setting::Text(value.to_owned()),
        Kind::Maybe if value.is_empty() => Setting::None,
        Kind::Maybe => Setting::Text(value.to_owned()),
        Kind::List => {
            let texts = value.split(',').map(str::trim).filter(|text| !text.is_empty());
            Setting::List(texts.map(str::to_owned).collect())
        }
    })
}

fn unknown(variable: &str) -> String {
    format!(
        "invalid Pyro environment config variable: {variable} (ignored; `ferropyro check-config` lists those that count)"
    )
}

#[cfg(test)]
mod tests;

//! Settings from variables: values, sources, warnings, errors.

use super::*;

fn config(vars: &[(&str, &str)]) -> Result<Config, CallError> {
    Config::from_vars(vars.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())))
}

#[test]
fn the_table_is_sorted_and_its_defaults_are_of_their_kinds() {
    assert!(ITEMS.is_sorted_by_key(|item| item.name));
    for item in &ITEMS {
        assert!(parse(item, item.name, item.default).is_ok(), "{}", item.name);
    }
    assert!(config(&[]).is_ok());
}

#[test]
fn the_environment_overrides_defaults_and_is_named_as_the_source() {
    let config = config(&[("PYRO_NS_PORT", "9999"), ("PYRO_COMPRESSION", "Yes"), ("HOME", "/")]).unwrap();
    assert_eq!(config.ns_port(), 9999);
    assert!(config.flag("COMPRESSION"));
    assert_eq!(config.name_server(), Location::tcp("localhost", 9999));
    let sources: Vec<_> = config.items().filter(|(.., source)| *source == Source::Environment).collect();
    assert_eq!(sources.len(), 2);
    assert!(config.warnings().is_empty());
}

#[test]
fn wrong_values_are_refused_in_the_words_of_the_genuine_program() {
    let text = |vars| config(vars).unwrap_err().to_string();
    assert!(
        text(&[("PYRO_COMPRESSION", "maybe")]).starts_with("invalid boolean value: PYRO_COMPRESSION=maybe")
    );
    assert!(
        text(&[("PYRO_NS_PORT", "x")]).starts_with("invalid Pyro environment config value: PYRO_NS_PORT=x")
    );
    assert!(text(&[("PYRO_SERIALIZER", "pickle")]).starts_with("serializer 'pickle' is unknown"));
    assert_eq!(text(&[("PYRO_NS_AUTOCLEAN", "1")]), "NS_AUTOCLEAN cannot be smaller than 3");
    assert!(config(&[("PYRO_NS_PORT", "70000")]).is_err());
}

#[test]
fn unknown_variables_and_those_without_meaning_are_warnings() {
    let config = config(&[("PYRO_NOPE", "1"), ("PYRO_THREADPOOL_SIZE", "3")]).unwrap();
    assert_eq!(config.warnings().len(), 2);
    assert!(config.warnings()[0].starts_with("invalid Pyro environment config variable: PYRO_NOPE"));
}

#[test]
fn lists_are_trimmed_and_seconds_of_zero_are_no_limit() {
    let config = config(&[("PYRO_BROADCAST_ADDRS", " 10.0.0.255 , ,10.1.0.255")]).unwrap();
    assert_eq!(config.broadcast_addresses(), ["10.0.0.255", "10.1.0.255"]);
    assert_eq!(config.seconds("COMMTIMEOUT"), None);
    assert_eq!(config.seconds("ITER_STREAM_LINGER"), Some(Duration::from_secs(30)));
}

#[test]
fn certificates_without_tls_are_a_warning() {
    let idle = config(&[("PYRO_SSL_CACERTS", "ca.pem"), ("PYRO_SSL_SERVERKEY", "key.pem")]).unwrap();
    assert_eq!(
        idle.warnings(),
        ["PYRO_SSL_CACERTS has no effect while PYRO_SSL is off: connections are plain"]
    );
    let used = [("PYRO_SSL", "1"), ("PYRO_SSL_CACERTS", "ca.pem")];
    assert!(config(&used).unwrap().warnings().is_empty());
    assert!(
        config(&[("PYRO_SSL_CACERTS", ""), ("PYRO_SSL_REQUIRECLIENTCERT", "0")])
            .unwrap()
            .warnings()
            .is_empty()
    );
}

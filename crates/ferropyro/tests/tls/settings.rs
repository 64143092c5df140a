//! The `PYRO_SSL*` variables, and the files that they name.

use std::path::Path;

use ferropyro::client::ClientBuilder;
use ferropyro::{CallError, Config, Daemon, Error, args};

use crate::authority::{Authority, bind};

fn config(directory: &Path, variables: &[(&str, &str)]) -> Config {
    let variables = variables.iter().map(|(name, value)| {
        let value = if value.contains(".pem") || *value == "authorities" {
            directory.join(value).display().to_string()
        } else {
            (*value).to_owned()
        };
        (format!("PYRO_{name}"), value)
    });
    Config::from_vars(variables).expect("settings")
}

/// Files of an authority, a server and a client.
fn files() -> tempfile::TempDir {
    let directory = tempfile::tempdir().expect("a directory");
    let write = |name: &str, text: &str| std::fs::write(directory.path().join(name), text).expect("a file");
    let authority = Authority::new();
    let (server, client) = (authority.server(&["127.0.0.1"]), authority.client("someone"));
    write("ca.pem", &authority.pem());
    write("server.pem", &server.certificate);
    write("server-key.pem", &server.key);
    write("client.pem", &format!("{}{}", client.certificate, client.key));
    std::fs::create_dir(directory.path().join("authorities")).expect("a directory");
    write("authorities/one.crt", &authority.pem());
    write("authorities/README", "nothing");
    directory
}

async fn call(client: &Config, daemon: &Daemon) -> Result<i64, Error> {
    let client = ClientBuilder::from_config(client).build();
    Ok(client.proxy(daemon.uri_for("thing")).call("echo", args![3]).cast().await?)
}

const SERVER: [(&str, &str); 3] =
    [("SSL", "1"), ("SSL_SERVERCERT", "server.pem"), ("SSL_SERVERKEY", "server-key.pem")];

#[tokio::test]
async fn they_make_a_daemon_and_its_caller() {
    let files = files();
    let daemon = bind(Daemon::builder().config(&config(files.path(), &SERVER))).await;
    for authorities in ["ca.pem", "authorities"] {
        let client = config(files.path(), &[("SSL", "on"), ("SSL_CACERTS", authorities)]);
        assert_eq!(call(&client, &daemon).await.unwrap(), 3);
    }
    let trusting = config(files.path(), &[("SSL", "on")]);
    assert!(matches!(call(&trusting, &daemon).await.unwrap_err().kind(), CallError::Unreachable { .. }));
}

#[tokio::test]
async fn they_require_a_certificate_of_clients() {
    let files = files();
    let required = [&SERVER[..], &[("SSL_REQUIRECLIENTCERT", "1"), ("SSL_CACERTS", "ca.pem")]].concat();
    let daemon = bind(Daemon::builder().config(&config(files.path(), &required))).await;
    let without = [("SSL", "1"), ("SSL_CACERTS", "ca.pem")];
    let error = call(&config(files.path(), &without), &daemon).await.unwrap_err().to_string();
    assert!(error.contains("it requires a certificate of its clients"), "{error}");
    let with = [&without[..], &[("SSL_CLIENTCERT", "client.pem")]].concat();
    assert_eq!(call(&config(files.path(), &with), &daemon).await.unwrap(), 3);
}

#[tokio::test]
async fn what_is_missing_is_named() {
    let files = files();
    for (variables, expected) in [
        (&[("SSL", "1")][..], "set PYRO_SSL_SERVERCERT"),
        (
            &[("SSL", "1"), ("SSL_SERVERCERT", "none.pem")],
            "PYRO_SSL_SERVERCERT: cannot read the certificate in",
        ),
        (&[("SSL", "1"), ("SSL_SERVERCERT", "server.pem")], "PYRO_SSL_SERVERCERT: "),
        (&[&SERVER[..], &[("SSL_REQUIRECLIENTCERT", "1")]].concat(), "set PYRO_SSL_CACERTS"),
        (
            &[&SERVER[..], &[("SSL_REQUIRECLIENTCERT", "1"), ("SSL_CACERTS", "none.pem")]].concat(),
            "PYRO_SSL_CACERTS: cannot read the authorities in",
        ),
    ] {
        let builder = Daemon::builder().config(&config(files.path(), variables)).listen("127.0.0.1:0");
        let error = builder.bind().await.unwrap_err();
        assert!(matches!(error.kind(), CallError::Config(text) if text.contains(expected)), "{error}");
    }
    let daemon = bind(Daemon::builder()).await;
    let client = config(files.path(), &[("SSL", "1"), ("SSL_CACERTS", "none.pem")]);
    let error = call(&client, &daemon).await.unwrap_err();
    assert!(matches!(error.kind(), CallError::Config(text) if text.contains("PYRO_SSL_CACERTS")), "{error}");
}

//! `ferropyro certs`, and the other commands with what it makes.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use crate::command::{Outcome, Server, ferropyro, run};

type Variables = Vec<(String, String)>;

/// What a run says to set: the server's variables, and the client's.
fn variables(shown: &str) -> (Variables, Variables) {
    let (_, rest) = shown.split_once("\nServer:\n").expect("the server's variables");
    let (server, client) = rest.split_once("\nClient:\n").expect("the client's variables");
    let read = |lines: &str| {
        let lines = lines.lines().filter_map(|line| line.strip_prefix("export ")?.split_once('='));
        lines.map(|(name, value)| (name.to_owned(), value.trim_matches('\'').to_owned())).collect()
    };
    (read(server), read(client))
}

fn certs(directory: &Path, more: &[&str]) -> Outcome {
    run(&[&["certs", directory.to_str().expect("a path")], more].concat())
}

fn with(variables: &Variables, args: &[&str]) -> Outcome {
    ferropyro(args).envs(variables.iter().cloned()).output().expect("it runs").into()
}

#[test]
fn what_it_prints_makes_servers_and_clients_that_find_one_another() {
    let directory = tempfile::tempdir().expect("a directory");
    let shown = certs(&directory.path().join("new and 'odd'"), &[]).success();
    let (server, client) = variables(&shown.replace("'\\''", "'"));
    let mut command = ferropyro(&["ns", "-p", "0"]);
    let mut names = Server::spawn(command.envs(server.iter().cloned()));
    let location = names.until("URI = ").split_once('@').expect("a URI").1.to_owned();
    let (_, port) = location.split_once(':').expect("a port");

    let both = [server, client.clone()].concat();
    let mut command = ferropyro(&["echoserver", "-n"]);
    let mut echo = Server::spawn(command.envs(both).env("PYRO_NS_PORT", port));
    echo.until("echoserver running.");

    let uri = format!("PYRONAME:test.echoserver@{location}");
    assert_eq!(with(&client, &["call", &uri, "echo", "'over TLS'"]).success(), "'over TLS'\n");
    assert!(with(&client, &["inspect", &uri]).success().contains("echo"));
    assert!(with(&client, &["nsc", "-p", port, "list"]).success().contains("test.echoserver"));

    let plain = run(&["nsc", "-n", "localhost", "-p", port, "ping"]);
    assert_eq!(plain.code, Some(3), "{plain:?}");
    let bare: Variables = client.into_iter().filter(|(name, _)| !name.contains("CLIENT")).collect();
    let bare = with(&bare, &["nsc", "-n", "localhost", "-p", port, "ping"]);
    assert_eq!(bare.code, Some(3));
    assert!(bare.stderr.contains("requires a certificate of its clients"), "{}", bare.stderr);
}

#[test]
fn keys_are_for_their_owner_only() {
    let directory = tempfile::tempdir().expect("a directory");
    certs(directory.path(), &[]).success();
    for (name, mode) in [
        ("ca.pem", 0o644),
        ("ca-key.pem", 0o600),
        ("server-cert.pem", 0o644),
        ("server-key.pem", 0o600),
        ("client-cert.pem", 0o644),
        ("client-key.pem", 0o600),
    ] {
        let file = std::fs::metadata(directory.path().join(name)).expect("a file");
        assert_eq!(file.permissions().mode() & 0o777, mode, "{name}");
    }
}

#[test]
fn files_that_are_there_stay_unless_they_may_be_replaced() {
    let directory = tempfile::tempdir().expect("a directory");
    let key = directory.path().join("server-key.pem");
    std::fs::write(&key, "precious").expect("a file");
    let refused = certs(directory.path(), &[]);
    assert_eq!(refused.code, Some(2));
    assert!(refused.stderr.contains("has server-key.pem already") && refused.stderr.contains("--force"));
    assert_eq!(std::fs::read_to_string(&key).expect("a file"), "precious");
    assert!(!directory.path().join("ca.pem").exists());

    certs(directory.path(), &["--force"]).success();
    assert!(std::fs::read_to_string(&key).expect("a file").contains("PRIVATE KEY"));
    assert_eq!(std::fs::metadata(&key).expect("a file").permissions().mode() & 0o777, 0o600);
}

#[test]
fn hosts_are_said_or_those_of_this_machine() {
    let directory = tempfile::tempdir().expect("a directory");
    let own = certs(directory.path(), &[]).success();
    assert!(own.contains("a server's, for localhost, 127.0.0.1, ::1"), "{own}");
    let said = certs(directory.path(), &["--host", "lab.example", "--host", "10.0.0.7", "--force"]).success();
    assert!(said.contains("a server's, for lab.example, 10.0.0.7\n"), "{said}");
    let (server, client) = variables(&said);
    let mut command = ferropyro(&["echoserver"]);
    let mut echo = Server::spawn(command.envs(server));
    let uri = echo.until("echo uri: ");
    let wrong = with(&client, &["call", &uri, "echo", "1"]);
    assert_eq!(wrong.code, Some(3));
    assert!(
        wrong.stderr.contains("is for lab.example, 10.0.0.7, and not for 'localhost'"),
        "{}",
        wrong.stderr
    );
    let bad = certs(directory.path(), &["--host", "Käse", "--force"]);
    assert_eq!(bad.code, Some(2), "{bad:?}");
}

#[test]
fn check_config_reads_the_files() {
    let directory = tempfile::tempdir().expect("a directory");
    let (server, client) = variables(&certs(directory.path(), &[]).success());
    let good = with(&[server.clone(), client].concat(), &["check-config"]);
    assert!(good.success().contains("SSL_SERVERCERT = "));
    std::fs::remove_file(directory.path().join("server-key.pem")).expect("a file");
    let warned = with(&server, &["check-config"]);
    assert_eq!(warned.code, Some(0));
    assert!(
        warned
            .stderr
            .contains("warning: PYRO_SSL_SERVERCERT, PYRO_SSL_SERVERKEY: cannot read the private key")
    );
}

#[test]
fn a_daemon_without_a_certificate_says_what_it_lacks() {
    let outcome = with(&vec![("PYRO_SSL".to_owned(), "1".to_owned())], &["echoserver"]);
    assert_eq!(outcome.code, Some(2));
    assert!(outcome.stderr.contains("set PYRO_SSL_SERVERCERT"), "{}", outcome.stderr);
}

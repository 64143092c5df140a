//! `ferropyro certs`: an authority of one's own, and certificates of it for a server and a client.
//!
//! What they are for is told in the variables that are printed; nothing is set here.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::Path;

use jiff::civil::Date;
use jiff::{Span, Zoned};
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair,
    KeyUsagePurpose, date_time_ymd,
};

use crate::cli::CertsArgs;
use crate::failure::Failure;
use crate::output::say;

const CA: &str = "ca.pem";
const CA_KEY: &str = "ca-key.pem";
const SERVER: &str = "server-cert.pem";
const SERVER_KEY: &str = "server-key.pem";
const CLIENT: &str = "client-cert.pem";
const CLIENT_KEY: &str = "client-key.pem";

/// Runs the command.
pub(crate) fn run(args: &CertsArgs) -> Result<(), Failure> {
    let hosts = if args.hosts.is_empty() { own_names() } else { args.hosts.clone() };
    let today = Zoned::now().date();
    // Clocks differ, and time zones too.
    let first = today.yesterday().unwrap_or(today);
    let last = today.checked_add(Span::new().days(args.days)).map_err(|error| failed(&error))?;
    let files = make(&hosts, first, last)?;
    write(&args.directory, &files, args.force)?;
    tell(&args.directory, &hosts, last)
}

/// A file to write: its name, its text, and whether it is for its owner only.
struct File(&'static str, String, bool);

fn own_names() -> Vec<String> {
    let mut names = ["localhost", "127.0.0.1", "::1"].map(str::to_owned).to_vec();
    let own = gethostname::gethostname().to_string_lossy().into_owned();
    // A machine may be called something that no certificate can say.
    if !own.is_empty() && !names.contains(&own) && CertificateParams::new([own.clone()]).is_ok() {
        names.push(own);
    }
    names
}

fn make(hosts: &[String], first: Date, last: Date) -> Result<Vec<File>, Failure> {
    let key = KeyPair::generate().map_err(|error| failed(&error))?;
    let mut params = params(&[], first, last)?;
    // A name that no other authority has: verifiers take those of the same name for the same.
    let id: String = key.public_key_raw().iter().rev().take(6).map(|byte| format!("{byte:02x}")).collect();
    params.distinguished_name.push(DnType::CommonName, format!("Ferropyro authority {id}"));
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let authority = CertifiedIssuer::self_signed(params, key).map_err(|error| failed(&error))?;

    let issue = |hosts: &[String], name: &str, usage| {
        let key = KeyPair::generate().map_err(|error| failed(&error))?;
        let mut params = self::params(hosts, first, last)?;
        params.distinguished_name.push(DnType::CommonName, name);
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![usage];
        params.use_authority_key_identifier_extension = true;
        let certificate = params.signed_by(&key, &authority).map_err(|error| failed(&error))?;
        Ok::<_, Failure>((certificate.pem(), key.serialize_pem()))
    };
    let name = hosts.first().map_or("server", String::as_str);
    let (server, server_key) = issue(hosts, name, ExtendedKeyUsagePurpose::ServerAuth)?;
    let (client, client_key) = issue(&[], "client", ExtendedKeyUsagePurpose::ClientAuth)?;
    Ok(vec![
        File(CA, authority.pem(), false),
        File(CA_KEY, authority.key().serialize_pem(), true),
        File(SERVER, server, false),
        File(SERVER_KEY, server_key, true),
        File(CLIENT, client, false),
        File(CLIENT_KEY, client_key, true),
    ])
}

fn params(hosts: &[String], first: Date, last: Date) -> Result<CertificateParams, Failure> {
    let mut params = CertificateParams::new(hosts).map_err(|error| {
        Failure::usage(format!("ferropyro: no certificate can be for {}: {error}", hosts.join(", ")))
    })?;
    let midnight = |date: Date| {
        date_time_ymd(date.year().into(), date.month().unsigned_abs(), date.day().unsigned_abs())
    };
    params.not_before = midnight(first);
    params.not_after = midnight(last);
    params.distinguished_name = rcgen::DistinguishedName::new();
    Ok(params)
}

fn write(directory: &Path, files: &[File], force: bool) -> Result<(), Failure> {
    let there: Vec<_> =
        files.iter().map(|File(name, ..)| *name).filter(|name| exists(directory, name)).collect();
    if !force && !there.is_empty() {
        let there = there.join(", ");
        return Err(Failure::usage(format!("ferropyro: {} has {there} already", directory.display()))
            .with_hint("Choose another directory, or replace them with --force."));
    }
    fs::create_dir_all(directory).map_err(|error| unwritten(directory, &error))?;
    for File(name, text, private) in files {
        let path = directory.join(name);
        // A new file has the rights that are asked for, and a link leads nowhere.
        let removed = if force { fs::remove_file(&path) } else { Ok(()) };
        let removed =
            removed.or_else(|error| if error.kind() == ErrorKind::NotFound { Ok(()) } else { Err(error) });
        let written = removed.and_then(|()| new_file(&path, *private)).and_then(|mut file| {
            file.write_all(text.as_bytes())?;
            file.sync_all()
        });
        written.map_err(|error| unwritten(&path, &error))?;
    }
    Ok(())
}

fn exists(directory: &Path, name: &str) -> bool {
    fs::symlink_metadata(directory.join(name)).is_ok()
}

fn new_file(path: &Path, private: bool) -> std::io::Result<fs::File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, if private { 0o600 } else { 0o644 });
    #[cfg(not(unix))]
    let _ = private;
    options.open(path)
}

fn tell(directory: &Path, hosts: &[String], last: Date) -> Result<(), Failure> {
    let directory = fs::canonicalize(directory).map_err(|error| unwritten(directory, &error))?;
    let set = |name: &str, file: &str| format!("export PYRO_SSL_{name}={}", quoted(&directory.join(file)));
    let lines = [
        format!("Made in {}, valid until {last}:", directory.display()),
        format!("  {CA}           the authority's certificate, for everybody"),
        format!("  {CA_KEY}       its key: whoever has it can make certificates; keep it to yourself"),
        format!("  {SERVER}  a server's, for {}", hosts.join(", ")),
        format!("  {SERVER_KEY}   its key"),
        format!("  {CLIENT}  a client's"),
        format!("  {CLIENT_KEY}   its key"),
        String::new(),
        "Server:".to_owned(),
        "export PYRO_SSL=1".to_owned(),
        set("SERVERCERT", SERVER),
        set("SERVERKEY", SERVER_KEY),
        set("CACERTS", CA),
        "export PYRO_SSL_REQUIRECLIENTCERT=1".to_owned(),
        String::new(),
        "Client:".to_owned(),
        "export PYRO_SSL=1".to_owned(),
        set("CACERTS", CA),
        set("CLIENTCERT", CLIENT),
        set("CLIENTKEY", CLIENT_KEY),
    ];
    lines.iter().try_for_each(|line| say(line))
}

/// As a shell reads it.
fn quoted(path: &Path) -> String {
    let path = path.display().to_string();
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/._-+:@%".contains(&byte);
    if path.bytes().all(plain) { path } else { format!("'{}'", path.replace('\'', "'\\''")) }
}

fn failed(error: &dyn std::fmt::Display) -> Failure {
    Failure::new(format!("ferropyro: cannot make the certificates: {error}"))
}

fn unwritten(path: &Path, error: &std::io::Error) -> Failure {
    Failure::new(format!("ferropyro: cannot write {}: {error}", path.display()))
}

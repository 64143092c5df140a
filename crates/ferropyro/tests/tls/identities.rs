//! Certificates and keys: the forms in which they come, and what may be wrong with them.

use ferropyro::tls::{Authorities, Identity};

use crate::authority::Authority;

// Of `openssl req -x509`, `openssl pkcs8 -topk8` and `openssl ec -aes128`; the password is `sesame`.
const CERTIFICATE: &str = include_str!("keys/certificate.pem");
const ENCRYPTED: &str = include_str!("keys/encrypted.pem");
const TRADITIONAL: &str = include_str!("keys/traditional.pem");

#[test]
fn an_encrypted_key_needs_its_password() {
    Identity::from_pem_with_password(CERTIFICATE, ENCRYPTED, "sesame").unwrap();
    let wrong = Identity::from_pem_with_password(CERTIFICATE, ENCRYPTED, "open").unwrap_err().to_string();
    assert!(wrong.contains("the password is wrong"), "{wrong}");
    let missing = Identity::from_pem(CERTIFICATE, ENCRYPTED).unwrap_err().to_string();
    assert!(missing.contains("the private key is encrypted, and there is no password"), "{missing}");
}

#[test]
fn a_key_that_is_encrypted_in_the_old_way_is_refused_with_the_command_that_converts_it() {
    let error = Identity::from_pem_with_password(CERTIFICATE, TRADITIONAL, "sesame").unwrap_err().to_string();
    assert!(error.contains("openssl pkcs8 -topk8"), "{error}");
}

#[test]
fn both_may_stand_in_one_file() {
    let made = Authority::new().server(&["localhost"]);
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("both.pem");
    std::fs::write(&file, format!("{}{}", made.key, made.certificate)).unwrap();
    Identity::from_files(&file, &file).unwrap();
    let error = Identity::from_files(&file, directory.path().join("none")).unwrap_err().to_string();
    assert!(error.contains("cannot read the private key in ") && error.contains("none"), "{error}");
}

#[test]
fn a_key_of_another_certificate_is_refused() {
    let authority = Authority::new();
    let (one, other) = (authority.server(&["a"]), authority.server(&["b"]));
    let error = Identity::from_pem(&one.certificate, &other.key).unwrap_err().to_string();
    assert_eq!(error, "the private key is not that of the certificate");
}

#[test]
fn what_is_no_certificate_is_said_to_be_none() {
    let made = Authority::new().server(&["a"]);
    let error = Identity::from_pem(&made.key, &made.key).unwrap_err().to_string();
    assert!(error.contains("there is no certificate"), "{error}");
    let error = Identity::from_pem(&made.certificate, &made.certificate).unwrap_err().to_string();
    assert!(error.contains("there is no private key"), "{error}");
    let error = Authorities::from_pem("").unwrap_err().to_string();
    assert!(error.contains("there is no certificate"), "{error}");
}

#[test]
fn nothing_shows_a_key() {
    let made = Authority::new().server(&["a"]);
    let shown = format!("{:?}", made.identity());
    assert_eq!(shown, "Identity { certificates: 1, .. }");
}

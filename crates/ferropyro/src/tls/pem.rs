//! Certificates and keys in PEM form: the text between `BEGIN` and `END` lines.
//!
//! Errors are texts without a file's name, which is not known here.

use pkcs8::EncryptedPrivateKeyInfoRef;
use tokio_rustls::rustls::pki_types::pem::{Error, PemObject};
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};

const ENCRYPTED_BEGIN: &str = "-----BEGIN ENCRYPTED PRIVATE KEY-----";
const ENCRYPTED_END: &str = "-----END ENCRYPTED PRIVATE KEY-----";
/// What marks a key that OpenSSL encrypted in the way of old.
const TRADITIONAL: &str = "Proc-Type: 4,ENCRYPTED";
/// What to do about an encrypted key that we cannot read.
const CONVERT: &str =
    "`openssl pkcs8 -topk8 -v2 aes-256-cbc -in OLD -out NEW` makes one of a kind that can be";

/// All certificates in a text, in their order; at least one.
pub(super) fn certificates(text: &[u8]) -> Result<Vec<CertificateDer<'static>>, String> {
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(text).collect();
    match found {
        Ok(found) if found.is_empty() => {
            Err("there is no certificate in PEM form (BEGIN CERTIFICATE)".to_owned())
        }
        Ok(found) => Ok(found),
        Err(error) => Err(format!("the certificates cannot be read: {error}")),
    }
}

/// The first private key in a text, deciphered if it is encrypted.
pub(super) fn private_key(text: &[u8], password: Option<&str>) -> Result<PrivateKeyDer<'static>, String> {
    let lossy = String::from_utf8_lossy(text);
    if lossy.contains(TRADITIONAL) {
        return Err(format!(
            "the key is encrypted in OpenSSL's traditional way, which is not supported; {CONVERT}"
        ));
    }
    if let Some(encrypted) = between(&lossy, ENCRYPTED_BEGIN, ENCRYPTED_END) {
        return decrypt(encrypted, password);
    }
    PrivateKeyDer::from_pem_slice(text).map_err(|error| match error {
        Error::NoItemsFound => "there is no private key in PEM form (BEGIN PRIVATE KEY)".to_owned(),
        error => format!("the private key cannot be read: {error}"),
    })
}

fn between<'a>(text: &'a str, begin: &str, end: &str) -> Option<&'a str> {
    Some(text.split_once(begin)?.1.split_once(end)?.0)
}

fn decrypt(body: &str, password: Option<&str>) -> Result<PrivateKeyDer<'static>, String> {
    let Some(password) = password else {
        return Err("the private key is encrypted, and there is no password (PYRO_SSL_SERVERKEYPASSWD or \
                    PYRO_SSL_CLIENTKEYPASSWD, or Identity::with_password)"
            .to_owned());
    };
    // The reader knows no label of encrypted keys; under that of plain ones it gives the same bytes.
    let relabelled = format!("-----BEGIN PRIVATE KEY-----{body}-----END PRIVATE KEY-----\n");
    let bytes = PrivatePkcs8KeyDer::from_pem_slice(relabelled.as_bytes())
        .map_err(|error| format!("the encrypted private key cannot be read: {error}"))?;
    let encrypted = EncryptedPrivateKeyInfoRef::try_from(bytes.secret_pkcs8_der())
        .map_err(|error| format!("the encrypted private key cannot be read: {error}; {CONVERT}"))?;
    let key = encrypted.decrypt(password).map_err(|error| {
        format!("the private key cannot be decrypted: {error}: the password is wrong, or the way of encrypting is \
                 not supported; {CONVERT}")
    })?;
    Ok(PrivatePkcs8KeyDer::from(key.as_bytes().to_vec()).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_said() {
        assert!(certificates(b"nothing").unwrap_err().contains("no certificate"));
        assert!(private_key(b"nothing", None).unwrap_err().contains("no private key"));
    }

    #[test]
    fn a_traditionally_encrypted_key_is_refused_with_the_way_out() {
        let key = b"-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nAA==\n-----END RSA PRIVATE KEY-----\n";
        assert!(private_key(key, Some("x")).unwrap_err().contains("openssl pkcs8 -topk8"));
    }
}

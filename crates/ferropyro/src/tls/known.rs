//! Certificates that are trusted themselves, and not for an authority's signature.
//!
//! `openssl req -x509` makes certificates that signed themselves, call themselves authorities, and have the host
//! as their common name. Pyro's programs use them as they are, while rustls takes neither an authority for a
//! server nor a common name for a host. Here both are taken, of a certificate that is listed byte by byte. The
//! key is proved in the handshake like any other.

use std::time::Duration;

use pkcs8::der::asn1::{AnyRef, GeneralizedTime, ObjectIdentifier, UtcTime};
use pkcs8::der::{self, Reader, SliceReader, Tag, Tagged};
use tokio_rustls::rustls::client::verify_server_name;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use tokio_rustls::rustls::server::ParsedCertificate;
use tokio_rustls::rustls::{CertificateError, Error};

const COMMON_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.3");

/// Whether the time is one of those for which the certificate is valid.
pub(super) fn verify_time(certificate: &CertificateDer<'_>, now: UnixTime) -> Result<(), Error> {
    let facts = Facts::read(certificate).map_err(|_| CertificateError::BadEncoding)?;
    let [not_before, not_after] = facts.validity.map(UnixTime::since_unix_epoch);
    if now.as_secs() < not_before.as_secs() {
        return Err(CertificateError::NotValidYetContext { time: now, not_before }.into());
    }
    if now.as_secs() > not_after.as_secs() {
        return Err(CertificateError::ExpiredContext { time: now, not_after }.into());
    }
    Ok(())
}

/// Whether the certificate is for a host: by its alternative names or, where it has none, by its common name.
pub(super) fn verify_name(certificate: &CertificateDer<'_>, name: &ServerName<'_>) -> Result<(), Error> {
    let error = match verify_server_name(&ParsedCertificate::try_from(certificate)?, name) {
        Ok(()) => return Ok(()),
        Err(error) => error,
    };
    let unnamed = matches!(&error, Error::InvalidCertificate(
        CertificateError::NotValidForNameContext { presented, .. }) if presented.is_empty());
    let facts = Facts::read(certificate).map_err(|_| CertificateError::BadEncoding)?;
    match (name, facts.common_name) {
        (ServerName::DnsName(host), Some(common))
            if unnamed && common.eq_ignore_ascii_case(host.as_ref()) =>
        {
            Ok(())
        }
        _ => Err(error),
    }
}

/// What a certificate says (RFC 5280 §4.1), as far as it is needed here.
struct Facts<'a> {
    /// The first and the last second, since 1970.
    validity: [Duration; 2],
    common_name: Option<&'a str>,
}

impl<'a> Facts<'a> {
    fn read(certificate: &'a CertificateDer<'_>) -> der::Result<Self> {
        let mut certificate = enter(&mut SliceReader::new(certificate)?)?;
        let mut fields = enter(&mut certificate)?;
        let first = next(&mut fields)?;
        if first.tag() != Tag::Integer {
            // That was the version; the serial number follows.
            next(&mut fields)?;
        }
        let (_algorithm, _issuer) = (next(&mut fields)?, next(&mut fields)?);
        let mut validity = enter(&mut fields)?;
        let validity = [time(&mut validity)?, time(&mut validity)?];
        let mut subject = enter(&mut fields)?;
        let mut common_name = None;
        while !subject.is_finished() {
            let mut attribute = enter(&mut enter(&mut subject)?)?;
            if attribute.decode::<ObjectIdentifier>()? == COMMON_NAME {
                common_name = std::str::from_utf8(next(&mut attribute)?.value()).ok();
            }
        }
        Ok(Self { validity, common_name })
    }
}

/// What is inside the next element.
fn enter<'a>(reader: &mut SliceReader<'a>) -> der::Result<SliceReader<'a>> {
    SliceReader::new(next(reader)?.value())
}

fn time(reader: &mut SliceReader<'_>) -> der::Result<Duration> {
    let time = next(reader)?;
    match time.tag() {
        Tag::UtcTime => Ok(time.decode_as::<UtcTime>()?.to_unix_duration()),
        _ => Ok(time.decode_as::<GeneralizedTime>()?.to_unix_duration()),
    }
}

/// The next element.
fn next<'a>(reader: &mut SliceReader<'a>) -> der::Result<AnyRef<'a>> {
    reader.decode()
}

//! TLS, with and without certificates of clients.

use ferropyro::server::DaemonBuilder;

use super::transports::works;
use super::{Row, row};
use crate::caller::{GenuineCaller, Uris};
use crate::column::{Column, Stop, Verdict};
use crate::command::{Act, call, to};

pub(super) fn rows() -> Vec<Row> {
    vec![
        row("TLS", "a daemon with a certificate, a caller that trusts its authority", tls),
        row("TLS client certificate", "a daemon that requires a certificate of its callers", mutual),
        row(
            "TLS missing",
            "a caller that uses TLS where the daemon does not, or the other way round",
            missing,
        ),
    ]
}

fn tls(c: &mut Column<'_>) -> Verdict {
    let target = secure_daemon(c, false)?;
    as_secure(c, false, |c| everything(c, target))
}

fn mutual(c: &mut Column<'_>) -> Verdict {
    let target = secure_daemon(c, true)?;
    as_secure(c, true, |c| everything(c, target.clone()))?;
    as_secure(c, false, |c| {
        c.go_to(target);
        refused(c, "certificate")
    })
}

fn missing(c: &mut Column<'_>) -> Verdict {
    let plain = c.uris().clone();
    as_secure(c, false, |c| {
        c.go_to(plain);
        // Python names the fault, and so do we.
        refused(c, if c.serves() { "WRONG_VERSION_NUMBER" } else { "PYRO_SSL" })
    })?;
    let secure = secure_daemon(c, false)?;
    c.go_to(secure);
    // A genuine daemon closes, or answers with an alert of TLS.
    refused(c, if c.serves() { "this daemon takes TLS connections only" } else { "TLS" })
}

fn everything(c: &mut Column<'_>, target: Uris) -> Verdict {
    works(c, target)?;
    c.succeeds(&to("thing", Act::Release))?;
    c.is(&call("thing", "echo", &["'again'"]), "'again'")
}

fn refused(c: &mut Column<'_>, text: &str) -> Verdict {
    let answer = c.ask(&call("thing", "echo", &["1"]))?;
    let shown = answer.to_string();
    let good = shown.to_lowercase().contains(&text.to_lowercase());
    c.expect(&"a call that cannot be made", &format!("an error with {text}"), &shown, good);
    Ok(())
}

/// A daemon on the side that serves.
fn secure_daemon(c: &Column<'_>, mutual: bool) -> Result<Uris, Stop> {
    let certificates = c.site.certificates()?;
    if c.serves() {
        let name = if mutual { "mutual TLS" } else { "TLS" };
        let builder = DaemonBuilder::default().listen("127.0.0.1:0").tls(certificates.server(mutual)?);
        return Ok(c.site.variant(name, builder)?);
    }
    let settings = certificates.server_settings(mutual);
    let arguments: Vec<&str> = settings.iter().flat_map(|setting| ["--config", setting]).collect();
    Ok(c.site.extra(c.pyro(), &arguments)?)
}

/// Runs a part of a row with a caller that uses TLS.
fn as_secure(c: &mut Column<'_>, identified: bool, part: impl FnOnce(&mut Column<'_>) -> Verdict) -> Verdict {
    let certificates = c.site.certificates()?;
    if !c.serves() {
        c.ours.use_tls(certificates.client(identified)?);
        let verdict = part(c);
        c.ours.forget();
        return verdict;
    }
    let mut caller: GenuineCaller =
        c.site.caller_with(c.codec(), &certificates.client_settings(identified))?;
    std::mem::swap(c.genuine, &mut caller);
    let verdict = part(c);
    std::mem::swap(c.genuine, &mut caller);
    verdict
}

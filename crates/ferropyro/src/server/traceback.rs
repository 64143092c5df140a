//! The tracebacks of exceptions that Rust code raises: where it happened, in the form that Python prints.

use ferropyro_value::Exception;

use crate::CallContext;

/// The exception with a traceback, made up where it has none.
pub(super) fn complete(exception: Exception, context: &CallContext, method: &str) -> Exception {
    if exception.traceback().is_empty() {
        let lines = lines(&exception, context, method);
        exception.with_traceback(lines)
    } else {
        exception
    }
}

fn lines(exception: &Exception, context: &CallContext, method: &str) -> [String; 3] {
    let place = match context.shared() {
        Some(daemon) => format!("ferropyro daemon on {}", daemon.location()),
        None => "this process".to_owned(),
    };
    let object = context.object();
    [
        "Traceback (most recent call last):\n".to_owned(),
        format!("  File \"<{place}>\", object \"{object}\", in {method}\n"),
        format!("{exception}\n"),
    ]
}

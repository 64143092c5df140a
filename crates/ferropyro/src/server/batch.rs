//! Batches: many calls in one request, run one after the other (wire protocol §3.7).

use std::future::poll_fn;
use std::sync::Arc;

use ferropyro_value::{Dict, Exception, Value};

use super::reply::Outcome;
use super::request::{self, Sink};
use super::{Arguments, Object, Reply, Request, RequestKind, Slot, dispatch, traceback};
use crate::CallContext;

/// Runs a batch and answers it.
pub(super) async fn run(context: CallContext, object: Arc<dyn Object>, sink: Sink) -> Reply {
    let outcome = results(&context, &object).await;
    let Sink::Frame(out) = sink else { return Reply::nothing() };
    match outcome {
        Ok(results) => request::batch_frame(out, &context, results),
        Err(exception) => {
            let exception = traceback::complete(exception, &context, context.method());
            request::exception_frame(out, &context, &exception)
        }
    }
}

/// One result for each call, up to the first that raised.
///
/// # Errors
/// What fails the batch as a whole: a name that cannot be called, an entry that is no call, a result that
/// cannot be sent.
async fn results(
    context: &CallContext,
    object: &Arc<dyn Object>,
) -> Result<Vec<Result<Value, Exception>>, Exception> {
    let calls = Request::new(context.clone(), RequestKind::Method, 0, Sink::Nobody).arguments()?.positional;
    let mut results = Vec::with_capacity(calls.len());
    let mut slot = Slot::default();
    for call in calls {
        let arguments = entry(call)?;
        let index = dispatch::method(arguments.method(), object.interface())?;
        let name = arguments.method().to_owned();
        let request =
            Request::new(context.clone(), RequestKind::Method, index, Sink::Local).with_arguments(arguments);
        let outcome = match slot.start(object, request) {
            Ok(()) => poll_fn(|cx| slot.poll(cx)).await,
            Err(panicked) => Err(panicked),
        };
        match outcome.map(|reply| reply.0) {
            Ok(Outcome::Value(value)) => results.push(Ok(value)),
            Ok(Outcome::Raised(exception)) => {
                results.push(Err(exception));
                break;
            }
            Ok(Outcome::Broken(exception)) => return Err(exception),
            Ok(Outcome::Frame(..) | Outcome::Nothing) => {
                return Err(Exception::new("RuntimeError", "the object answered another request"));
            }
            Err(panicked) => {
                results.push(Err(traceback::complete(panicked.into_exception(), context, &name)));
                break;
            }
        }
    }
    Ok(results)
}

/// One call of a batch: a sequence of name, arguments, keyword arguments.
fn entry(call: Value) -> Result<Arguments, Exception> {
    let wrong = |what: String| Exception::new("TypeError", format!("a call of a batch is not {what}"));
    let parts = call.into_items().map_err(|call| wrong(format!("a tuple but a {}", call.type_name())))?;
    let [name, positional, keyword] = <[Value; 3]>::try_from(parts)
        .map_err(|parts| wrong(format!("(method, args, kwargs) but has {} members", parts.len())))?;
    let Value::Str(name) = name else {
        return Err(wrong(format!("named by a text but by a {}", name.type_name())));
    };
    let positional =
        positional.into_items().map_err(|args| wrong(format!("given a tuple but a {}", args.type_name())))?;
    let keyword = match keyword {
        Value::Dict(keyword) => keyword,
        Value::None => Dict::new(),
        other => return Err(wrong(format!("given keywords by a dict but by a {}", other.type_name()))),
    };
    Ok(Arguments::new(name, positional, keyword))
}

//! Batches: many calls in one request, run one after the other (wire protocol §3.7).

use std::future::poll_fn;
use std::sync::Arc;

use ferropyro_proto::Callee;
use ferropyro_value::{Exception, Value};

use super::reply::Outcome;
use super::request::{self, Given, Sink};
use super::{Object, Reply, Request, RequestKind, Slot, dispatch, traceback};
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
    let calls = match context.callee() {
        Some(Callee::Call(call)) => call.batch().map_err(|error| request::decode_exception(&error))?,
        _ => return Err(Exception::new("TypeError", "a batch cannot be a SerializedBlob")),
    };
    let mut results = Vec::with_capacity(calls.len());
    let mut slot = Slot::default();
    for entry in calls {
        let index = dispatch::method(&entry.method, object.interface())?;
        let method = entry.method.clone();
        let request =
            Request::new(context.clone(), RequestKind::Method, index, Given::Entry(entry), Sink::Batch);
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
            Ok(Outcome::Frame(..) | Outcome::Nothing | Outcome::Typed(_) | Outcome::Items(_)) => {
                return Err(Exception::new("RuntimeError", "the object answered another request"));
            }
            Err(panicked) => {
                results.push(Err(traceback::complete(panicked.into_exception(), context, &method)));
                break;
            }
        }
    }
    Ok(results)
}

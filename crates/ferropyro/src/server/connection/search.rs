//! Searches for objects that are not registered, and who waits for what they find.

use std::task::{Context, Poll};

use ferropyro_proto::ConnectRequest;
use ferropyro_value::Value;

use super::Connection;
use crate::CallContext;
use crate::server::source::{self, Finding, Source};

/// A search for an object that is not registered, and who waits for it.
pub(super) struct Seeking {
    finding: Finding,
    asker: Asker,
}

pub(super) enum Asker {
    /// A client that introduces itself, with what the validator answers it.
    Connect(Box<ConnectRequest>, Value),
    Call {
        context: CallContext,
        batch: bool,
    },
}

impl Connection {
    pub(super) fn poll_seek(&mut self, cx: &mut Context<'_>) {
        let Some(Seeking { finding, .. }) = &mut self.seeking else { return };
        let Poll::Ready(outcome) = finding.as_mut().poll(cx) else { return };
        let Some(Seeking { asker, .. }) = self.seeking.take() else { return };
        let outcome = source::found(outcome);
        match asker {
            Asker::Connect(request, response) => {
                if let (Ok(object), Some(id)) = (&outcome, &request.object) {
                    // Who asks for it will call it.
                    self.daemon.registry.remember(id, object, &mut self.last_object);
                }
                let object = outcome.map(Some).map_err(|exception| exception.message());
                let outcome = object.and_then(|object| self.accept(&request, &response, object.as_ref()));
                self.refuse_unless(outcome, &request);
            }
            Asker::Call { context, batch } => match outcome {
                Ok(object) => {
                    let last = &mut self.last_object;
                    self.daemon.registry.remember(context.object(), &object, last);
                    self.start(context, &object, batch, cx);
                }
                Err(exception) => self.refuse_call(context, exception),
            },
        }
    }

    /// Looks for an object that is not registered.
    pub(super) fn seek(&mut self, source: &Source, id: &str, asker: Asker, cx: &mut Context<'_>) {
        self.seeking = Some(Seeking { finding: source.find(id), asker });
        self.poll_seek(cx);
    }
}

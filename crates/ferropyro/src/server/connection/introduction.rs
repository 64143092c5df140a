//! Clients that introduce themselves: who is judged how, and what those are told who are refused.

use std::sync::Arc;
use std::task::Context;

use ferropyro_proto::ConnectRequest;
use ferropyro_value::Value;

use super::Connection;
use super::search::Asker;
use crate::server::Object;
use crate::server::hooks::Handshake;

impl Connection {
    pub(super) fn connect(&mut self, mut request: ConnectRequest, cx: &mut Context<'_>) {
        self.correlations.fill(&mut request.head);
        let outcome = self.vet(&request).and_then(|response| {
            let Some(id) = request.object.as_deref().filter(|_| request.wants_metadata) else {
                return self.accept(&request, &response, None);
            };
            match (self.daemon.registry.find(id), self.daemon.hooks.source.clone()) {
                (None, Some(source)) => {
                    let id = id.to_owned();
                    let asker = Asker::Connect(Box::new(request.clone()), response);
                    self.seek(&source, &id, asker, cx);
                    Ok(())
                }
                (None, None) => Err("unknown object".to_owned()),
                (object, _) => self.accept(&request, &response, object.as_ref()),
            }
        });
        self.refuse_unless(outcome, &request);
    }

    /// Tells a client that it is refused, if it is.
    pub(super) fn refuse_unless(&mut self, outcome: Result<(), String>, request: &ConnectRequest) {
        let Err(reason) = outcome else { return };
        self.log("a client is refused", &reason);
        self.closing = true;
        let annotations = self.shared().connect_annotations();
        let out = self.out.buffer();
        let refused = match self.denied {
            Some(_) => self.session.deny(request, &reason, out),
            None => self.session.refuse(request, &reason, &annotations, out),
        };
        if let Err(error) = refused {
            self.log("a client cannot be told why it is refused", &error);
        }
    }

    /// Judges a client that introduces itself: what it is answered, or why it is refused.
    fn vet(&self, request: &ConnectRequest) -> Result<Value, String> {
        if let Some(denied) = &self.denied {
            return Err(denied.clone());
        }
        let shared = self.shared();
        let dialect = request.head.dialect();
        if shared.config.send.hmac.is_some() && !dialect.has_hmac() {
            return Err(format!(
                "this daemon takes signed messages only (hmac key), which {dialect} does not have"
            ));
        }
        shared.hooks.validate(&Handshake {
            data: &request.handshake,
            object: request.object.as_deref(),
            peer: &self.link.peer,
            session: self.link.session,
            certificates: &self.link.certificates,
            dialect,
            annotations: &request.annotations,
        })
    }

    /// Takes a client, and tells it of the object that it asks about.
    pub(super) fn accept(
        &mut self,
        request: &ConnectRequest,
        response: &Value,
        object: Option<&Arc<dyn Object>>,
    ) -> Result<(), String> {
        let metadata = object.map(|object| object.interface().metadata());
        let annotations = self.shared().connect_annotations();
        let out = self.out.buffer();
        self.session.accept(request, response, metadata, &annotations, out).map_err(|error| error.to_string())
    }
}

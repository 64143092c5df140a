//! [`Bridged`]: an object behind the bridge, as a daemon of ours serves it.

use std::fmt;
use std::sync::Arc;

use ferropyro::client::{Answer, Call};
use ferropyro::server::{Interface, ItemSource, Reply, Request, RequestKind, Slot};
use ferropyro::{
    AnnotationId, Annotations, AnyProxy, Arguments, CallError, Limits, Metadata, Object, Uri, Value,
};

use crate::Bridge;
use crate::carry::{self, Carried};
use crate::sessions;

/// Annotations that belong to one hop, and are made anew for the next.
const OF_ONE_HOP: [AnnotationId; 4] = [*b"CORR", *b"HMAC", *b"STRM", *b"BLBI"];

/// An object behind the bridge.
pub(crate) struct Bridged {
    bridge: Bridge,
    /// The first session that calls gets it.
    proxy: AnyProxy,
    interface: Interface,
}

impl Bridged {
    pub(crate) fn new(bridge: Bridge, proxy: AnyProxy, metadata: &Metadata) -> Self {
        Self { bridge, proxy, interface: Interface::from(metadata) }
    }

    async fn hand_on(self: Arc<Self>, mut request: Request) -> Reply {
        let outcome = self.call(&mut request).await;
        let across = |uri: &Uri| self.bridge.across(uri);
        match outcome {
            Ok((Answer::Value(value), annotations)) => {
                for (id, data) in annotations.iter().filter(|(id, _)| !OF_ONE_HOP.contains(id)) {
                    request.context().annotate_response(id, data.clone());
                }
                request.value(carry::value(value, &across))
            }
            Ok((Answer::Stream(items), _)) => {
                let bridge = self.bridge.clone();
                let across = move |uri: &Uri| bridge.across(uri);
                request.stream(ItemSource::from_stream(Carried { items, across }))
            }
            Err(error) => request.fail(carry::failure(error, &across)),
        }
    }

    /// Makes the call behind the bridge.
    async fn call(&self, request: &mut Request) -> Result<(Answer, Annotations), CallError> {
        let context = request.context().clone();
        let proxy = sessions::proxy(&context, &self.proxy).await;
        let (kind, name) = (request.kind(), request.method().to_owned());
        let (blob, arguments) = match request.blob() {
            Some(blob) => {
                let call = ferropyro::call::Call::skim(blob.codec, blob.payload.clone(), &Limits::default())?;
                let (positional, keyword) = call.arguments().values()?;
                (Some(blob.about.info.clone()), Arguments::new(&*name, positional, keyword))
            }
            None => (None, request.arguments()?),
        };
        let across = |uri: &Uri| self.bridge.across(uri);
        let (positional, keyword) = arguments.into_parts();
        let positional = carry::all(positional, &across);
        let mut call = match kind {
            RequestKind::Method => {
                let keyword = carry::dict(keyword, &across);
                proxy.call(name, Arguments::new("", positional, keyword))
            }
            RequestKind::GetAttribute => proxy.get(name),
            RequestKind::SetAttribute => {
                let value = positional.into_iter().next().unwrap_or_default();
                let call = annotated(proxy.set(name, value), context.annotations());
                let ((), annotations) = call.with_annotations().await?;
                return Ok((Answer::Value(Value::None), annotations));
            }
        };
        if let Some(info) = blob {
            call = call.blob(info);
        }
        let call = annotated(call, context.annotations());
        if context.is_oneway() {
            call.oneway().await?;
            // Nothing else may come that would take it along.
            proxy.flush().await.map_err(CallError::from)?;
            return Ok((Answer::Value(Value::None), Annotations::new()));
        }
        call.answer_with_annotations().await.map_err(CallError::from)
    }
}

/// The call with the annotations that its caller gave it.
fn annotated<T>(call: Call<T>, annotations: &Annotations) -> Call<T> {
    let own = annotations.iter().filter(|(id, _)| !OF_ONE_HOP.contains(id));
    own.fold(call, |call, (id, data)| call.annotate(id, data.clone()))
}

impl Object for Bridged {
    fn interface(&self) -> &Interface {
        &self.interface
    }

    fn dispatch(self: Arc<Self>, request: Request, slot: &mut Slot) {
        slot.run(self.hand_on(request));
    }
}

impl fmt::Debug for Bridged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Bridged").field(&self.proxy).finish()
    }
}

//! Sessions behind the bridge: each session of ours has one of its own with each object, since Pyro ties instances,
//! streams and resources to them.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};

use ferropyro::{AnyProxy, CallContext, Codec, Uri};
use tokio::sync::OnceCell;

/// What one session of ours has behind the bridge.
#[derive(Default)]
struct Sessions(Mutex<HashMap<Uri, Arc<Session>>>);

/// A session behind the bridge, and in which of the callers' serializers it can be held.
struct Session {
    proxy: AnyProxy,
    spoken: [OnceCell<bool>; Codec::ALL.len()],
}

/// The proxy for a call: that of the session, in the caller's serializer where the daemon behind accepts it. What
/// one serializer keeps another one may lose.
///
/// The session that begins takes over the connection of whoever found the object.
pub(crate) async fn proxy(context: &CallContext, found: &AnyProxy) -> AnyProxy {
    let made = context.resource(|| Ok::<_, Infallible>(Sessions::default()));
    let sessions = made.unwrap_or_else(|never| match never {});
    let session = {
        let mut sessions = sessions.0.lock().unwrap_or_else(PoisonError::into_inner);
        let begin = || Arc::new(Session { proxy: found.clone(), spoken: Default::default() });
        Arc::clone(sessions.entry(found.uri().clone()).or_insert_with(begin))
    };
    session.in_codec(context.codec()).await
}

impl Session {
    async fn in_codec(&self, codec: Codec) -> AnyProxy {
        if codec == self.proxy.codec() {
            return self.proxy.clone();
        }
        let proxy = self.proxy.with_codec(codec);
        let place = Codec::ALL.iter().position(|other| *other == codec);
        let Some(spoken) = place.and_then(|place| self.spoken.get(place)) else { return proxy };
        let spoken = spoken.get_or_init(|| async {
            // Any question will do: a daemon that does not accept the serializer answers none. A oneway call would
            // not hear of it.
            let answered = proxy.describe().await.is_ok();
            if !answered {
                // It has closed the connection, or is about to.
                proxy.release();
            }
            answered
        });
        if *spoken.await { proxy } else { self.proxy.clone() }
    }
}

//! The object that the tests call: the part of the capture scripts' `Thing` that they need, and more.

use std::sync::{Arc, Mutex, PoisonError};

use ferropyro::server::{ItemSource, Methods};
use ferropyro::{Daemon, Exception, Value, context};

/// A daemon that serves `obj.thing` and `obj.partial`.
pub(crate) fn daemon() -> Daemon {
    serve(Daemon::bind("127.0.0.1:0").wait().expect("the daemon binds"))
}

/// Registers the objects with a daemon.
pub(crate) fn serve(daemon: Daemon) -> Daemon {
    daemon.register("obj.thing", thing()).expect("the id is free");
    daemon.register("obj.partial", Methods::new("Partial").attribute("p", || 1)).expect("the id is free");
    daemon
}

/// The object.
pub(crate) fn thing() -> Methods {
    let attr = Arc::new(Mutex::new(Value::from(42)));
    let (read, write, oneway) = (Arc::clone(&attr), Arc::clone(&attr), attr);
    let set = |attr: &Mutex<Value>, value| *attr.lock().unwrap_or_else(PoisonError::into_inner) = value;
    Methods::new("Thing")
        .method("noargs", async |call| call.bind([]).map(|[]| Value::None))
        .method("echo", async |call| call.bind(["value"]).map(|[value]| value))
        .method("__dunder__", async |call| call.bind([]).map(|[]| "dunder ok"))
        .method("multi", async |call| {
            let ([a], [b]) = (
                [call.positional.first().or(call.keyword.get("a")).cloned().unwrap_or_default()],
                [call.positional.get(1).or(call.keyword.get("b")).cloned().unwrap_or_default()],
            );
            let mut rest = call.keyword;
            rest.remove("a");
            rest.remove("b");
            Ok(Value::List(vec![a, b, Value::List(Vec::new()), Value::Dict(rest)]))
        })
        .method("long", async |_| Ok("x".repeat(5000)))
        .method("error", async |call| {
            let [text] = call.bind(["text"])?;
            Err::<Value, _>(Exception::with_args("ValueError", vec![text]))
        })
        .method("raise", async |call| {
            let [class] = call.bind(["class"])?;
            Err::<Value, _>(Exception::new(class.as_str().unwrap_or_default(), "raised"))
        })
        .method("panic", async |call| {
            let [text] = call.bind(["text"])?;
            std::panic::panic_any(text.as_str().unwrap_or_default().to_owned());
            #[expect(unreachable_code, reason = "it gives the result a type")]
            Ok(Value::None)
        })
        .request("panic_at_once", |_, _| std::panic::panic_any("at once"))
        .method("set_resp_ann", async |_| {
            let context = context().expect("a method runs in a context");
            context.annotate_response(*b"RESP", "response");
            Ok("ok")
        })
        .request("blob", |request, slot| {
            let answer = request.blob().map(|blob| {
                let call =
                    ferropyro_value::call::Call::skim(blob.codec, blob.payload.clone(), &Default::default());
                let (data, _) = call.expect("a blob is a call").arguments().values().expect("with arguments");
                Value::List(vec![blob.about.info.clone(), Value::List(data)])
            });
            slot.ready(match answer {
                Some(answer) => request.value(answer),
                None => request.fail(Exception::new("TypeError", "no blob")),
            });
        })
        .method("whoami", async |_| {
            let context = context().expect("a method runs in a context");
            Ok(Value::from((context.session(), context.correlation_id(), context.object(), context.method())))
        })
        .blocking("whoami_blocking", |_| {
            let context = context().ok_or_else(|| Exception::new("RuntimeError", "no context"))?;
            Ok((context.session(), context.correlation_id()))
        })
        .method("unsendable", async |_| Ok(Value::Ellipsis))
        .oneway("oneway_call", move |call| {
            let attr = Arc::clone(&oneway);
            async move {
                let [value] = call.bind(["value"])?;
                *attr.lock().unwrap_or_else(PoisonError::into_inner) = value;
                Ok(())
            }
        })
        .stream("gen", |call| {
            let [count] = call.bind(["count"])?;
            Ok(ItemSource::from_items(0..count.as_int().unwrap_or_default()))
        })
        .stream("generr", |_| {
            Ok(ItemSource::from_results([Ok(1), Err(Exception::new("ValueError", "in the stream")), Ok(2)]))
        })
        .stream("genpanic", |_| {
            Ok(ItemSource::from_items((0..1).map(|_| -> Value { std::panic::panic_any("in the stream") })))
        })
        .attribute_rw(
            "attr",
            move || read.lock().unwrap_or_else(PoisonError::into_inner).clone(),
            move |value| {
                set(&write, value);
                Ok(())
            },
        )
        .attribute("readonly", || "ro")
}

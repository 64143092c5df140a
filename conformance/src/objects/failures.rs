//! `Failures`: exceptions of all kinds.

use ferropyro::server::Methods;
use ferropyro::{Arguments, Exception, Value};

use super::{number, text};

/// The exceptions of Pyro's own that the suite raises.
const OF_PYRO: [&str; 6] =
    ["NamingError", "PyroError", "DaemonError", "SecurityError", "SerializeError", "CommunicationError"];

/// The object.
pub(super) fn failures() -> Methods {
    Methods::new("Failures")
        .method("fail", async |Arguments { mut positional, keyword, .. }| {
            if positional.is_empty() {
                return Err(Exception::new(
                    "TypeError",
                    "fail() missing 1 required positional argument: 'name'",
                ));
            }
            let name = text(&positional.remove(0))?;
            let class = match name.as_str() {
                "CustomError" => "conformance.CustomError".to_owned(),
                name if OF_PYRO.contains(&name) => format!("Pyro5.errors.{name}"),
                name => format!("builtins.{name}"),
            };
            let mut exception = Exception::with_args(class, positional);
            for (name, value) in keyword {
                exception.attributes_mut().insert(name, value);
            }
            Err::<(), _>(exception)
        })
        .method("fail_unknown", async |_| Err::<(), _>(Exception::new("things.UnknownError", "who are you?")))
        // Neither daemon can send what this returns and raises.
        .method("unserializable", async |_| Ok(Value::List(vec![Value::Ellipsis])))
        .method("fail_unserializable", async |_| {
            Err::<(), _>(Exception::with_args("ValueError", vec![Value::Ellipsis]))
        })
        .method("fail_in_depth", async |call| {
            let [depth] = call.bind(["depth"])?;
            number(&depth)?;
            Err::<(), _>(Exception::new("ArithmeticError", "the bottom"))
        })
        .method("returned", async |call| {
            let [] = call.bind([])?;
            Ok(Value::from(Exception::with_args("ValueError", vec!["only a value".into(), 1.into()])))
        })
}

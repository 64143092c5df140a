//! `ferropyro call`: any method of any object, arguments as Python literals.

use ferropyro::client::{Answer, Arguments};
use ferropyro::{AnyProxy, CallError, Client, Codec, Error, Value, flavor, literal};

use crate::cli::{CallArgs, Reach};
use crate::failure::Failure;
use crate::output::say;

/// Runs the command.
pub(crate) async fn run(args: CallArgs) -> Result<(), Failure> {
    let proxy = reach(&args.uri, &args.reach).await?;
    let result = match member(&proxy, &args).await? {
        Member::Get(name) => proxy.get(name).unchecked().await,
        Member::Set(name, value) => proxy.set(name, value).unchecked().await.map(|()| Value::None),
        Member::Method(arguments) => return call(&proxy, &args, arguments).await,
    };
    let value = result.map_err(|error| explain(error, &args.reach))?;
    print(&value, args.json)
}

/// A proxy for the URI with the options that `call` and `inspect` share.
pub(crate) async fn reach(uri: &str, options: &Reach) -> Result<AnyProxy, Failure> {
    let mut builder = Client::builder();
    if let Some(timeout) = options.timeout {
        builder = builder.timeout(timeout).connect_timeout(timeout);
    }
    if let Some(codec) = options.serializer {
        builder = builder.serializer(codec);
    }
    if let Some(protocol) = options.protocol {
        builder = builder.dialect(protocol.into());
    }
    let client = builder.build();
    match client.lookup_any(uri).await {
        Ok(proxy) => Ok(proxy),
        Err(error) => Err(crate::suggest::similar_names(&client, uri, error).await),
    }
}

enum Member {
    Get(String),
    Set(String, Value),
    Method(Arguments),
}

async fn member(proxy: &AnyProxy, args: &CallArgs) -> Result<Member, Failure> {
    if matches!(args.method.as_str(), "get" | "set") {
        let metadata = proxy.metadata().await.map_err(|error| explain(error.into_kind(), &args.reach))?;
        if !metadata.methods.contains(&args.method) {
            return match (args.method.as_str(), args.args.as_slice()) {
                ("get", [name]) => Ok(Member::Get(name.clone())),
                ("set", [name, value]) => Ok(Member::Set(name.clone(), parse_value(value))),
                ("get", _) => Err(Failure::usage("ferropyro: get takes one attribute name")),
                _ => Err(Failure::usage("ferropyro: set takes an attribute name and a value")),
            };
        }
    }
    let mut arguments = Arguments::default();
    for arg in &args.args {
        match keyword(arg) {
            Some((name, value)) => {
                arguments.keyword.insert(name, parse_value(value));
            }
            None if arguments.keyword.is_empty() => arguments.positional.push(parse_value(arg)),
            None => {
                return Err(Failure::usage(format!(
                    "ferropyro: positional argument {arg:?} follows a keyword argument"
                )));
            }
        }
    }
    Ok(Member::Method(arguments))
}

/// Splits `name=literal`, when what stands before the first `=` is a Python identifier.
fn keyword(arg: &str) -> Option<(&str, &str)> {
    let (name, value) = arg.split_once('=')?;
    let mut chars = name.chars();
    let first = chars.next()?;
    let identifier =
        (first.is_alphabetic() || first == '_') && chars.all(|c| c.is_alphanumeric() || c == '_');
    (identifier && !value.starts_with('=')).then_some((name, value))
}

/// A Python literal, else the text itself.
fn parse_value(text: &str) -> Value {
    literal::parse(text).unwrap_or_else(|| Value::from(text))
}

async fn call(proxy: &AnyProxy, args: &CallArgs, arguments: Arguments) -> Result<(), Failure> {
    let answer = proxy.call(args.method.clone(), arguments).unchecked().answer().await;
    match answer.map_err(|error| explain(error.into_kind(), &args.reach))? {
        Answer::Value(value) => print(&value, args.json),
        Answer::Stream(mut items) => {
            while let Some(item) = items.next().await {
                print(&item.map_err(|error| explain(error, &args.reach))?, args.json)?;
            }
            Ok(())
        }
    }
}

fn print(value: &Value, json: bool) -> Result<(), Failure> {
    if !json {
        say(&literal::repr(value));
        return Ok(());
    }
    let encoded = Codec::Json.encode_value(value, &flavor::PYRO5).map_err(|error| {
        Failure::new(format!("ferropyro: the result is no JSON: {error}; leave --json out"))
    })?;
    say(&String::from_utf8_lossy(&encoded));
    Ok(())
}

/// Adds what to try where the error alone does not say it.
pub(crate) fn explain(error: CallError, options: &Reach) -> Failure {
    let refused_serializer = match &error {
        CallError::Refused { reason, .. } => reason.contains("serializer"),
        CallError::Exception(exception) => exception.name() == "SerializeError",
        _ => false,
    };
    let failure = Failure::from(Error::from(error));
    if refused_serializer {
        let used = options.serializer.unwrap_or_default();
        let others = Codec::ALL.into_iter().filter(|codec| *codec != used).map(Codec::name);
        failure.with_hint(&format!(
            "The server refused serializer {used}; try --serializer {}",
            others.collect::<Vec<_>>().join(", ")
        ))
    } else {
        failure
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_keyword_has_an_identifier_before_the_equals_sign() {
        assert_eq!(keyword("b=2"), Some(("b", "2")));
        assert_eq!(keyword("name='a=b'"), Some(("name", "'a=b'")));
        assert_eq!(keyword("'a=b'"), None);
        assert_eq!(keyword("1=2"), None);
        assert_eq!(keyword("a==b"), None);
        assert_eq!(keyword("plain"), None);
    }

    #[test]
    fn what_is_no_literal_is_text() {
        assert_eq!(parse_value("hello world"), Value::from("hello world"));
        assert_eq!(parse_value("(1, 'x')"), Value::from((1, "x")));
        assert_eq!(parse_value("-7"), Value::Int(-7));
        assert_eq!(parse_value("None"), Value::None);
    }
}

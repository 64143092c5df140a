//! `ferropyro call`: any method of any object, arguments as Python literals.

use base64::prelude::{BASE64_STANDARD, Engine as _};
use ferropyro::client::Answer;
use ferropyro::{AnyProxy, Arguments, CallError, Codec, Config, Dict, Value, flavor, literal};

use crate::argument;
use crate::cli::CallArgs;
use crate::failure::Failure;
use crate::output::say;
use crate::reach::{explain, reach};

/// Runs the command.
pub(crate) async fn run(args: CallArgs, config: &Config) -> Result<(), Failure> {
    let proxy = reach(&args.uri, &args.reach, config).await?;
    let failed = |error: CallError| explain(error, &proxy, &args.reach, config);
    let outcome = match member(&proxy, &args).await? {
        Member::Get(name) => print(proxy.get(name).unchecked().await.map_err(failed)?, args.json),
        Member::Set(name, value) => {
            proxy.set(name, value).unchecked().await.map_err(failed)?;
            print(Value::None, args.json)
        }
        Member::Method(arguments) => {
            let answer = proxy.call(args.method.clone(), arguments).unchecked().answer().await;
            match answer.map_err(|error| failed(error.into_kind()))? {
                Answer::Value(value) => print(value, args.json),
                Answer::Stream(mut items) => loop {
                    let Some(item) = items.next().await else { break Ok(()) };
                    let printed = print(item.map_err(failed)?, args.json);
                    if printed.is_err() {
                        // Dropping the stream tells the daemon to close it.
                        break printed;
                    }
                },
            }
        }
    };
    // A oneway call and the end of a stream are queued: they have to leave before this process does.
    proxy.flush().await.map_err(|error| failed(error.into_kind()))?;
    outcome
}

enum Member {
    Get(String),
    Set(String, Value),
    Method(Arguments),
}

async fn member(proxy: &AnyProxy, args: &CallArgs) -> Result<Member, Failure> {
    let mut given = args.args.iter().map(String::as_str);
    if matches!(args.method.as_str(), "get" | "set") {
        let metadata = proxy.metadata().await?;
        if !metadata.methods.contains(&args.method) {
            let given = (given.next(), given.next(), given.next());
            return match (args.method.as_str(), given) {
                ("get", (Some(name), None, None)) => Ok(Member::Get(name.to_owned())),
                ("set", (Some(name), Some(value), None)) => {
                    Ok(Member::Set(name.to_owned(), argument::parse(value)))
                }
                ("get", _) => Err(Failure::usage("ferropyro: get takes one attribute name")),
                _ => Err(Failure::usage("ferropyro: set takes an attribute name and a value")),
            };
        }
    }
    let mut arguments = Arguments::default();
    for arg in given {
        match argument::keyword(arg) {
            Some((name, value)) => {
                arguments.keyword.insert(name, argument::parse(value));
            }
            None if arguments.keyword.is_empty() => arguments.positional.push(argument::parse(arg)),
            None => {
                return Err(Failure::usage(format!(
                    "ferropyro: positional argument {arg} follows a keyword argument"
                )));
            }
        }
    }
    Ok(Member::Method(arguments))
}

fn print(value: Value, json: bool) -> Result<(), Failure> {
    if !json {
        return say(&literal::repr(&value));
    }
    let encoded = Codec::Json.encode_value(&with_bytes_as_text(value), &flavor::PYRO5).map_err(|error| {
        Failure::new(format!("ferropyro: the result is no JSON: {error}"))
            .with_hint("Without --json it is printed as a Python literal.")
    })?;
    say(&String::from_utf8_lossy(&encoded))
}

/// The value with bytes as the text that they are in serpent's messages too, since JSON has none.
fn with_bytes_as_text(value: Value) -> Value {
    let items = |items: Vec<Value>| items.into_iter().map(with_bytes_as_text).collect();
    match value {
        Value::Bytes(bytes) => {
            let data = BASE64_STANDARD.encode(&bytes);
            [("data", data.as_str()), ("encoding", "base64")].into_iter().collect::<Dict>().into()
        }
        Value::List(list) => Value::List(items(list)),
        Value::Tuple(tuple) => Value::Tuple(items(tuple)),
        Value::Dict(dict) => {
            let entries = dict.into_iter().map(|(key, value)| (key, with_bytes_as_text(value)));
            Value::Dict(entries.collect())
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_become_base64_wherever_they_are() {
        let bytes = || Value::from(vec![0, 255]);
        let given = Value::from((bytes(), vec![bytes()], [("k", bytes())].into_iter().collect::<Dict>()));
        let text = "{'data': 'AP8=', 'encoding': 'base64'}";
        let expected = format!("({text}, [{text}], {{'k': {text}}})");
        assert_eq!(literal::repr(&with_bytes_as_text(given)), expected);
    }
}

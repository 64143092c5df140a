//! `ferropyro call`: any method of any object, arguments as Python literals.

use ferropyro::client::Answer;
use ferropyro::{AnyProxy, Arguments, CallError, Codec, Config, Value, flavor, literal};

use crate::cli::CallArgs;
use crate::failure::Failure;
use crate::output::say;
use crate::reach::{explain, reach};

/// Runs the command.
pub(crate) async fn run(args: CallArgs, config: &Config) -> Result<(), Failure> {
    let proxy = reach(&args.uri, &args.reach, config).await?;
    let failed = |error: CallError| explain(error, &proxy, &args.reach, config);
    let outcome = match member(&proxy, &args).await? {
        Member::Get(name) => print(&proxy.get(name).unchecked().await.map_err(failed)?, args.json),
        Member::Set(name, value) => {
            proxy.set(name, value).unchecked().await.map_err(failed)?;
            print(&Value::None, args.json)
        }
        Member::Method(arguments) => {
            let answer = proxy.call(args.method.clone(), arguments).unchecked().answer().await;
            match answer.map_err(|error| failed(error.into_kind()))? {
                Answer::Value(value) => print(&value, args.json),
                Answer::Stream(mut items) => loop {
                    let Some(item) = items.next().await else { break Ok(()) };
                    let printed = print(&item.map_err(failed)?, args.json);
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
                    Ok(Member::Set(name.to_owned(), parse_value(value)))
                }
                ("get", _) => Err(Failure::usage("ferropyro: get takes one attribute name")),
                _ => Err(Failure::usage("ferropyro: set takes an attribute name and a value")),
            };
        }
    }
    let mut arguments = Arguments::default();
    for arg in given {
        match keyword(arg) {
            Some((name, value)) => {
                arguments.keyword.insert(name, parse_value(value));
            }
            None if arguments.keyword.is_empty() => arguments.positional.push(parse_value(arg)),
            None => {
                return Err(Failure::usage(format!(
                    "ferropyro: positional argument {arg} follows a keyword argument"
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

fn print(value: &Value, json: bool) -> Result<(), Failure> {
    if !json {
        return say(&literal::repr(value));
    }
    let encoded = Codec::Json.encode_value(value, &flavor::PYRO5).map_err(|error| {
        Failure::new(format!("ferropyro: the result is no JSON: {error}"))
            .with_hint("Without --json it is printed as a Python literal.")
    })?;
    say(&String::from_utf8_lossy(&encoded))
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

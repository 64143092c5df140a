//! What callers are told to do, and what they answer: the same for the genuine callers and for ours.

use std::collections::BTreeMap;

use ferropyro::Value;

use crate::expression;

/// Something that a caller is to do.
#[derive(Clone, Debug)]
pub(crate) struct Command {
    /// To which object.
    pub(crate) target: Target,
    /// On which of several connections to it.
    pub(crate) on: Option<&'static str>,
    /// What.
    pub(crate) act: Act,
    /// What goes along.
    pub(crate) annotation: Option<(&'static str, &'static str)>,
    /// Which correlation id goes along.
    pub(crate) correlation: Option<&'static str>,
}

/// The object that a command is about.
#[derive(Clone, Debug)]
pub(crate) enum Target {
    /// One of the daemon's things, by its name.
    Thing(&'static str),
    /// Any address.
    Uri(String),
}

/// What to do.
#[derive(Clone, Debug)]
pub(crate) enum Act {
    /// Call a method.
    Call(Invocation),
    /// Call a method that the metadata does not have.
    Unchecked(Invocation),
    /// Call a method without waiting.
    Oneway(Invocation),
    /// Read an attribute.
    Get(&'static str),
    /// Set an attribute.
    Set(&'static str, Given),
    /// Make calls in one message.
    Batch(Vec<Invocation>),
    /// Make calls in one message, without results.
    OnewayBatch(Vec<Invocation>),
    /// Read a stream: some items, and close it where told to.
    Stream { call: Invocation, take: Option<usize>, close: bool },
    /// Connect; answers the address and what the daemon said to the handshake.
    Bind,
    /// Say this in the handshake from the next connection on.
    Handshake(Given),
    /// Close the connection.
    Release,
    /// The names that the object offers.
    Metadata,
    /// Send a ping.
    Ping,
    /// Call a method so often in each of several threads.
    Threads { call: Invocation, threads: usize, each: usize },
    /// Evaluate a Python expression in which `p` is the proxy (genuine callers only).
    Eval(String),
    /// Everything that the caller's listener heard, once there is so much.
    Heard(usize),
    /// Wait for an answer no longer than so many seconds.
    Timeout(f64),
}

/// A method with its arguments.
#[derive(Clone, Debug)]
pub(crate) struct Invocation {
    pub(crate) method: String,
    pub(crate) positional: Vec<Given>,
    pub(crate) keyword: Vec<(&'static str, Given)>,
}

/// An argument.
#[derive(Clone, Debug)]
pub(crate) enum Given {
    /// A Python expression and the value that it stands for.
    Value(String, Value),
    /// An object of the caller, to be called back.
    Listener,
    /// The address of that.
    ListenerUri,
    /// A proxy for one of the daemon's things.
    Proxy(&'static str),
    /// The address of one of the daemon's things, as text.
    Address(&'static str),
}

/// What came of a command.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Answer {
    /// The result as text, or what went wrong.
    pub(crate) outcome: Outcome,
    /// The items that came before something went wrong.
    pub(crate) before: Option<String>,
    /// The annotations that came along.
    pub(crate) annotations: BTreeMap<String, String>,
}

/// A result or an exception.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The result, as `show` writes it.
    Ok(String),
    /// What was raised.
    Failed(Trouble),
    /// The caller cannot do this at all.
    Unable(String),
}

impl Default for Outcome {
    fn default() -> Self {
        Self::Ok("None".to_owned())
    }
}

/// An exception as a caller got it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Trouble {
    /// `ValueError`, `Pyro5.errors.NamingError`.
    pub(crate) class: String,
    /// What `str` makes of it.
    pub(crate) text: String,
    /// Its arguments.
    pub(crate) args: String,
    /// Its attributes.
    pub(crate) attributes: String,
    /// Whether a remote traceback came along.
    pub(crate) traceback: bool,
}

/// Begins a command.
pub(crate) fn to(thing: &'static str, act: Act) -> Command {
    Command { target: Target::Thing(thing), on: None, act, annotation: None, correlation: None }
}

/// A call of a thing's method with literal arguments, one text for each.
pub(crate) fn call(thing: &'static str, method: &str, arguments: &[&str]) -> Command {
    to(thing, Act::Call(invocation(method, arguments)))
}

/// A method with literal arguments.
///
/// # Panics
/// An argument is not an expression that the suite understands: a row is written wrongly.
pub(crate) fn invocation(method: &str, arguments: &[&str]) -> Invocation {
    let positional = arguments.iter().map(|text| literal(text)).collect();
    Invocation { method: method.to_owned(), positional, keyword: Vec::new() }
}

/// An argument that is written as a Python expression.
///
/// # Panics
/// The suite does not understand the expression.
pub(crate) fn literal(text: &str) -> Given {
    let value = expression::evaluate(text);
    Given::Value(text.to_owned(), value.unwrap_or_else(|| panic!("the suite does not understand {text}")))
}

/// A text as a Python expression.
pub(crate) fn quoted(text: &str) -> String {
    ferropyro::literal::repr(&Value::from(text))
}

impl Command {
    /// On another connection.
    pub(crate) fn on(mut self, connection: &'static str) -> Self {
        self.on = Some(connection);
        self
    }

    /// With one more argument.
    pub(crate) fn with(mut self, argument: Given) -> Self {
        if let Some(call) = self.invocation() {
            call.positional.push(argument);
        }
        self
    }

    /// With a keyword argument that is a literal.
    pub(crate) fn keyword(mut self, name: &'static str, text: &str) -> Self {
        if let Some(call) = self.invocation() {
            call.keyword.push((name, literal(text)));
        }
        self
    }

    /// With an annotation.
    pub(crate) fn annotated(mut self, id: &'static str, text: &'static str) -> Self {
        self.annotation = Some((id, text));
        self
    }

    /// With a correlation id.
    pub(crate) fn correlated(mut self, id: &'static str) -> Self {
        self.correlation = Some(id);
        self
    }

    fn invocation(&mut self) -> Option<&mut Invocation> {
        match &mut self.act {
            Act::Call(call) | Act::Unchecked(call) | Act::Oneway(call) => Some(call),
            Act::Stream { call, .. } | Act::Threads { call, .. } => Some(call),
            _ => None,
        }
    }
}

impl std::fmt::Display for Command {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.target {
            Target::Thing(thing) => f.write_str(thing)?,
            Target::Uri(uri) => f.write_str(uri)?,
        }
        match &self.act {
            Act::Call(call) => write!(f, ".{call}"),
            act => write!(f, " {}", shorten(&format!("{act:?}"))),
        }
    }
}

impl std::fmt::Display for Invocation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let show = |given: &Given| match given {
            Given::Value(expression, _) => shorten(expression),
            other => format!("{other:?}"),
        };
        let keyword = self.keyword.iter().map(|(name, given)| format!("{name}={}", show(given)));
        let arguments: Vec<_> = self.positional.iter().map(show).chain(keyword).collect();
        write!(f, "{}({})", self.method, arguments.join(", "))
    }
}

impl std::fmt::Display for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.outcome {
            Outcome::Ok(text) => write!(f, "{}", shorten(text))?,
            Outcome::Failed(trouble) => write!(f, "{trouble}")?,
            Outcome::Unable(why) => write!(f, "[{why}]")?,
        }
        match &self.before {
            Some(before) => write!(f, " after {}", shorten(before)),
            None => Ok(()),
        }
    }
}

impl std::fmt::Display for Trouble {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { class, text, args, attributes, traceback } = self;
        write!(f, "{class}({}) args {}", shorten(text), shorten(args))?;
        if attributes != "{}" {
            write!(f, " {attributes}")?;
        }
        f.write_str(if *traceback { " with traceback" } else { " without traceback" })
    }
}

/// A text that fits a line of the report.
fn shorten(text: &str) -> String {
    const LONGEST: usize = 300;
    if text.len() <= LONGEST {
        return text.to_owned();
    }
    let head: String = text.chars().take(LONGEST).collect();
    format!("{head}… ({} bytes)", text.len())
}

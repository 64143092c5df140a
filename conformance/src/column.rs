//! [`Column`]: where a row runs: one genuine Pyro, one direction, one serializer.
//!
//! A row gives commands. The caller under test carries each out; where genuine behaviour is the measure, the
//! genuine caller does the same to the genuine daemon, and the answers are compared.

mod typed;

use ferropyro::client::ClientBuilder;
use ferropyro::{AnyProxy, Codec};
use regex::Regex;
use serde_json::{Value as Json, json};

use crate::caller::{Caller, GenuineCaller, OurCaller, Uris};
use crate::command::{Answer, Command, Outcome, Trouble, call, quoted};
use crate::grid::{Cell, Heading};
use crate::pyro::{Direction, Pyro};
use crate::site::{Names, Site};

pub(crate) use typed::all_items;

/// So many failures of one cell are told.
const MOST_FAILURES: usize = 8;

/// What a row says at its end.
pub(crate) type Verdict = Result<(), Stop>;

/// Why a row does not go on.
#[derive(Clone, Debug)]
pub(crate) enum Stop {
    /// The genuine program cannot do this; with the reason.
    Cannot(String),
    /// The row is about the other direction only.
    Elsewhere,
    /// Something is wrong that makes going on pointless.
    Fail(String),
}

impl From<String> for Stop {
    fn from(reason: String) -> Self {
        Self::Fail(reason)
    }
}

/// A column while its rows run.
#[derive(Debug)]
pub(crate) struct Column<'a> {
    pub(crate) site: &'a Site,
    pub(crate) heading: Heading,
    pub(crate) genuine: &'a mut GenuineCaller,
    pub(crate) ours: &'a mut OurCaller,
    /// The things of the daemon that is called.
    target: Uris,
    failures: Vec<String>,
}

impl<'a> Column<'a> {
    pub(crate) fn new(
        site: &'a Site,
        heading: Heading,
        target: Uris,
        genuine: &'a mut GenuineCaller,
        ours: &'a mut OurCaller,
    ) -> Self {
        Self { site, heading, genuine, ours, target, failures: Vec::new() }
    }

    pub(crate) fn pyro(&self) -> Pyro {
        self.heading.pyro
    }

    pub(crate) fn codec(&self) -> Codec {
        self.heading.codec
    }

    /// Whether a genuine program calls: what we serve, or what is behind our bridge.
    pub(crate) fn serves(&self) -> bool {
        self.heading.direction != Direction::Call
    }

    /// Whether a genuine program calls one of the other kind, through our bridge.
    pub(crate) fn bridges(&self) -> bool {
        self.heading.direction == Direction::Bridge
    }

    /// Ends the row unless our bridge is between two genuine programs.
    pub(crate) fn only_bridging(&self) -> Verdict {
        if self.bridges() { Ok(()) } else { Err(Stop::Elsewhere) }
    }

    /// The module of Pyro's own exceptions here, with a dot.
    pub(crate) fn errors(&self, class: &str) -> String {
        format!("Pyro{}.errors.{class}", self.pyro())
    }

    /// The things of the daemon that is called.
    pub(crate) fn uris(&self) -> &Uris {
        &self.target
    }

    /// Has the rest of the row call things of another genuine daemon of the other kind through the bridge: they
    /// are registered, and the genuine caller looks them up.
    pub(crate) fn go_behind(&mut self, far: &Uris, things: &[&'static str]) -> Verdict {
        let mut target = self.target.clone();
        for thing in things {
            let (name, uri) = (format!("behind.{thing}"), far.get(*thing).cloned().unwrap_or_default());
            self.succeeds(&call("ns", "register", &[&quoted(&name), &quoted(&uri)]))?;
            let name = format!("PYRONAME:{name}@{}", self.site.bridge_names.location);
            let found = self.genuine.raw(&json!({ "cmd": "resolve", "uri": name }))?;
            let Outcome::Ok(uri) = &found.outcome else { return Err(Stop::Fail(format!("{name}: {found}"))) };
            target.insert((*thing).to_owned(), uri.trim_matches('\'').to_owned());
        }
        self.target = target;
        Ok(())
    }

    /// Has the rest of the row call the things of another daemon.
    pub(crate) fn go_to(&mut self, target: Uris) {
        self.target = target;
    }

    /// The name server that is asked.
    pub(crate) fn names(&self) -> &'a Names {
        match self.heading.direction {
            Direction::Serve => &self.site.our_names,
            Direction::Call => &self.site.genuine_names,
            Direction::Bridge => &self.site.bridge_names,
        }
    }

    /// Ends the row: the genuine program cannot do this itself.
    pub(crate) fn cannot<T>(&self, reason: &str) -> Result<T, Stop> {
        Err(Stop::Cannot(reason.to_owned()))
    }

    /// Ends the row unless we serve here.
    pub(crate) fn only_serving(&self) -> Verdict {
        if self.serves() { Ok(()) } else { Err(Stop::Elsewhere) }
    }

    /// Ends the row where a bridge serves: it is about settings of a daemon.
    pub(crate) fn not_bridging(&self) -> Verdict {
        if self.bridges() { Err(Stop::Elsewhere) } else { Ok(()) }
    }

    /// Ends the row unless we call here.
    pub(crate) fn only_calling(&self) -> Verdict {
        if self.serves() { Err(Stop::Elsewhere) } else { Ok(()) }
    }

    /// Ends the row where a genuine caller would need what its marshal lacks: it crashes in its own encoder.
    pub(crate) fn needs_more_than_marshal(&self) -> Verdict {
        if self.serves() && self.codec() == Codec::Marshal {
            return self.cannot("a genuine caller fails to encode attributes and batches in marshal");
        }
        Ok(())
    }

    /// Has the caller under test carry out a command on the daemon under test.
    pub(crate) fn ask(&mut self, command: &Command) -> Result<Answer, Stop> {
        let answer = if self.serves() {
            self.genuine.ask(&self.target, command)?
        } else {
            self.ours.ask(&self.target, command)?
        };
        Ok(normal(answer))
    }

    /// Has the genuine caller do what only it can be told, in its own words.
    pub(crate) fn raw(&mut self, command: &Json) -> Result<Answer, Stop> {
        Ok(normal(self.genuine.raw(command)?))
    }

    /// A proxy of ours for one of the things, with a client of this row's own.
    pub(crate) fn proxy(
        &self,
        thing: &str,
        settings: impl FnOnce(ClientBuilder) -> ClientBuilder,
    ) -> Result<AnyProxy, Stop> {
        let uri = self.target.get(thing).ok_or_else(|| format!("there is no {thing}"))?;
        let proxy = settings(self.ours.client()).build().lookup_any(uri).wait();
        Ok(proxy.map_err(|error| error.to_string())?)
    }

    /// What the genuine caller gets from the genuine daemon.
    pub(crate) fn reference(&mut self, command: &Command) -> Result<Answer, Stop> {
        Ok(normal(self.genuine.ask(&self.site.genuine, command)?))
    }

    /// The answer must be this.
    pub(crate) fn is(&mut self, command: &Command, expected: &str) -> Verdict {
        let answer = self.ask(command)?;
        self.expect(command, &expected, &answer, answer.outcome == Outcome::Ok(expected.to_owned()));
        Ok(())
    }

    /// The answer must be any result.
    pub(crate) fn succeeds(&mut self, command: &Command) -> Verdict {
        let answer = self.ask(command)?;
        self.expect(command, &"any result", &answer, matches!(answer.outcome, Outcome::Ok(_)));
        Ok(())
    }

    /// The answer must be an exception of this class with this in its text.
    pub(crate) fn fails(&mut self, command: &Command, class: &str, text: &str) -> Verdict {
        let answer = self.ask(command)?;
        let good = matches!(&answer.outcome, Outcome::Failed(trouble)
            if trouble.class == class && trouble.text.contains(text));
        self.expect(command, &format!("{class}(…{text}…)"), &answer, good);
        Ok(())
    }

    /// The answer must be what the genuine ones say to one another: the result, or the exception with its
    /// text, arguments, attributes, and a traceback or none.
    pub(crate) fn same(&mut self, command: &Command) -> Verdict {
        let expected = self.reference(command)?;
        let answer = self.ask(command)?;
        let good = expected.outcome == answer.outcome && expected.before == answer.before;
        self.expect(command, &expected, &answer, good);
        Ok(())
    }

    /// As [`same`](Self::same), but in any order: sets travel as lists in some serializers.
    pub(crate) fn same_members(&mut self, command: &Command) -> Verdict {
        let expected = self.reference(command)?;
        let answer = self.ask(command)?;
        let good = match (&expected.outcome, &answer.outcome) {
            (Outcome::Ok(a), Outcome::Ok(b)) => words(a) == words(b),
            (a, b) => a == b,
        };
        self.expect(command, &expected, &answer, good);
        Ok(())
    }

    /// As [`same`](Self::same), but of an exception only the class counts, and whether there is a traceback.
    pub(crate) fn alike(&mut self, command: &Command) -> Verdict {
        let expected = self.reference(command)?;
        let answer = self.ask(command)?;
        let good = match (&expected.outcome, &answer.outcome) {
            (Outcome::Failed(a), Outcome::Failed(b)) => similar(a, b),
            (a, b) => a == b,
        };
        self.expect(command, &expected, &answer, good && expected.before == answer.before);
        Ok(())
    }

    /// Notes a failure unless all is well.
    pub(crate) fn expect(
        &mut self,
        what: &dyn std::fmt::Display,
        expected: &dyn std::fmt::Display,
        got: &dyn std::fmt::Display,
        good: bool,
    ) {
        if !good {
            self.failures.push(format!("{what}\n    expected {expected}\n    got      {got}"));
        }
    }

    /// Notes a failure unless the texts are the same.
    pub(crate) fn equal(&mut self, what: &str, expected: &str, got: &str) {
        self.expect(&what, &expected, &got, expected == got);
    }

    /// Notes a failure unless the genuine caller's own answer is this.
    pub(crate) fn raw_is(&mut self, command: &Json, expected: &str) -> Verdict {
        let answer = self.raw(command)?;
        self.expect(command, &expected, &answer, answer.outcome == Outcome::Ok(expected.to_owned()));
        Ok(())
    }

    /// What became of the row.
    ///
    /// `None` where it has nothing to do with this column.
    pub(crate) fn cell(mut self, verdict: Verdict) -> Option<Cell> {
        match verdict {
            Ok(()) => {}
            Err(Stop::Cannot(reason)) if self.failures.is_empty() => return Some(Cell::Cannot(reason)),
            Err(Stop::Elsewhere) if self.failures.is_empty() => return None,
            Err(Stop::Cannot(_) | Stop::Elsewhere) => {}
            Err(Stop::Fail(reason)) => self.failures.push(reason),
        }
        if self.failures.is_empty() {
            return Some(Cell::Pass);
        }
        let more = self.failures.len().saturating_sub(MOST_FAILURES);
        self.failures.truncate(MOST_FAILURES);
        if more > 0 {
            self.failures.push(format!("and {more} more"));
        }
        Some(Cell::Fail(self.failures))
    }
}

/// The parts of a text in some order that is the same for all texts with these parts.
fn words(text: &str) -> Vec<&str> {
    let mut words: Vec<_> =
        text.split([' ', ',', '[', ']', '{', '}']).filter(|word| !word.is_empty()).collect();
    words.sort_unstable();
    words
}

fn similar(a: &Trouble, b: &Trouble) -> bool {
    a.class == b.class && a.traceback == b.traceback
}

/// The answer with what differs from run to run made the same: ports, and ids that daemons choose.
fn normal(answer: Answer) -> Answer {
    let outcome = match answer.outcome {
        Outcome::Ok(text) => Outcome::Ok(anonymous(&text)),
        Outcome::Failed(trouble) => {
            let Trouble { class, text, args, attributes, traceback } = trouble;
            let (text, args, attributes) = (anonymous(&text), anonymous(&args), anonymous(&attributes));
            Outcome::Failed(Trouble { class, text, args, attributes, traceback })
        }
        Outcome::Unable(why) => Outcome::Unable(why),
    };
    Answer { outcome, before: answer.before.map(|text| anonymous(&text)), ..answer }
}

/// Ports and chosen ids left out of a text, and the bridge out of the addresses that lead through it.
pub(crate) fn anonymous(text: &str) -> String {
    use std::sync::LazyLock;
    static VARYING: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"(127\.0\.0\.1|localhost):\d+|obj_[0-9a-f]{32}").ok());
    static ACROSS: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"bridge/([^%@\s]+)%40([^%@\s]+)@SOME").ok());
    let (Some(varying), Some(across)) = (&*VARYING, &*ACROSS) else { return text.to_owned() };
    across.replace_all(&varying.replace_all(text, "SOME"), "$1@$2").into_owned()
}

//! Proxies of declared types as results and arguments, alone, in lists, and in structs; callbacks.

use ferropyro::{Codec, Daemon, Exception};

use super::{Row, eval, row};
use crate::column::{Column, Verdict};
use crate::command::{Given, call};
use crate::objects::Tally;
use crate::objects::lobby::{ChildProxy, Guest, LobbyProxy, Visitor, VisitorProxy};

pub(super) fn rows() -> Vec<Row> {
    vec![
        row(
            "typed proxy result",
            "new objects, alone, in a list, in a struct, and the object itself",
            results,
        ),
        row("typed proxy argument", "an object of the daemon is handed back to it", arguments),
        row(
            "typed callback",
            "the caller's object is called: alone, in a list, in a struct; oneway, attribute, exception",
            callbacks,
        ),
    ]
}

fn needs_autoproxy(c: &Column<'_>) -> Verdict {
    if c.codec() == Codec::Marshal {
        return c.cannot("marshal of Pyro does not replace objects by proxies");
    }
    Ok(())
}

fn results(c: &mut Column<'_>) -> Verdict {
    needs_autoproxy(c)?;
    if c.serves() {
        c.is(&call("lobby", "child", &["'Ann'"]), "<Proxy PYRO:SOME@SOME>")?;
        c.is(&call("lobby", "myself", &[]), "<Proxy PYRO:lobby@SOME>")?;
        c.is(&eval("lobby", "p.child('Ann').greet()"), "'I am Ann'")?;
        let children = "[child.greet() for child in p.children(['Ann', 'Bob'])]";
        c.is(&eval("lobby", children), "['I am Ann', 'I am Bob']")?;
        let family = "(lambda family: [family['eldest'].greet(), family['others']['Cy'].greet(), \
                      sorted(family['others'])])(p.family('Ann', ['Bob', 'Cy']))";
        return c.is(&eval("lobby", family), "['I am Ann', 'I am Cy', ['Bob', 'Cy']]");
    }
    let lobby: LobbyProxy = c.typed("lobby")?;
    let greets = |child: ChildProxy| child.greet().wait();
    let child = lobby.child("Ann").wait().map_err(|error| error.to_string())?;
    c.gives("child", &"I am Ann".to_owned(), greets(child));
    let names = vec!["Ann".to_owned(), "Bob".to_owned()];
    let children = lobby.children(names.clone()).wait().map_err(|error| error.to_string())?;
    let greetings: Result<Vec<_>, _> = children.into_iter().map(greets).collect();
    c.gives("children", &vec!["I am Ann".to_owned(), "I am Bob".to_owned()], greetings);
    let family = lobby.family("Cy", names).wait().map_err(|error| error.to_string())?;
    c.gives("the eldest", &"I am Cy".to_owned(), greets(family.eldest));
    let others: Result<Vec<_>, _> = family.others.into_values().map(greets).collect();
    c.gives("the others", &vec!["I am Ann".to_owned(), "I am Bob".to_owned()], others);
    let itself = lobby.myself().wait().map_err(|error| error.to_string())?;
    c.equal("itself", &format!("{lobby:?}"), &format!("{itself:?}"));
    c.gives("itself", &true, lobby.same(itself).wait());
    Ok(())
}

fn arguments(c: &mut Column<'_>) -> Verdict {
    if c.serves() {
        c.is(&call("lobby", "same", &[]).with(Given::Proxy("lobby")), "True")?;
        c.is(&call("lobby", "same", &[]).with(Given::Proxy("desk")), "False")?;
        return c.fails(&call("lobby", "same", &["1"]), "TypeError", "argument 'lobby'");
    }
    let lobby: LobbyProxy = c.typed("lobby")?;
    let desk: LobbyProxy = c.typed("desk")?;
    c.gives("itself", &true, lobby.same(&lobby).wait());
    c.gives("another", &false, lobby.same(desk).wait());
    Ok(())
}

/// What our caller hands over.
#[derive(Clone, Debug, Default)]
struct Witness(Tally);

impl Visitor for Witness {
    async fn answer(&self, value: String) -> String {
        self.0.add(value.as_str());
        value
    }

    async fn hear(&self, value: String) {
        self.0.add(value);
    }

    async fn fail(&self, text: String) -> Result<(), Exception> {
        Err(Exception::new("ValueError", text))
    }

    async fn motto(&self) -> String {
        "all ears".to_owned()
    }
}

fn callbacks(c: &mut Column<'_>) -> Verdict {
    if c.serves() {
        needs_autoproxy(c)?;
        c.is(&call("lobby", "greet", &[]).with(Given::Listener), "'hello'")?;
        c.is(&eval("lobby", "p.greet_all([listener, listener])"), "['hello all', 'hello all']")?;
        c.is(&eval("lobby", "p.introduce({'name': 'Ann', 'visitor': listener})"), "'Ann'")?;
        c.is(&eval("lobby", "p.whisper(listener, 'psst')"), "None")?;
        c.is(&eval("lobby", "p.motto_of(listener)"), "'all ears'")?;
        return c.same(&eval("lobby", "p.provoke(listener, 'no')"));
    }
    let lobby: LobbyProxy = c.typed("lobby")?;
    let witness = Witness::default();
    let daemon = Daemon::bind("127.0.0.1:0").wait().map_err(|error| error.to_string())?;
    let visitor: VisitorProxy = daemon.export(witness.clone()).map_err(|error| error.to_string())?;
    c.gives("greet", &"hello".to_owned(), lobby.greet(&visitor).wait());
    c.gives("whisper", &(), lobby.whisper(&visitor, "psst").wait());
    c.gives("motto_of", &"all ears".to_owned(), lobby.motto_of(&visitor).wait());
    c.raises("provoke", "ValueError", "no", lobby.provoke(&visitor, "no").wait());
    let mut heard = vec!["hello", "psst"];
    let all = vec![visitor.clone(), visitor.clone()];
    let twice = vec!["hello all".to_owned(); 2];
    c.gives("greet_all", &twice, lobby.greet_all(all).wait());
    let guest = Guest { name: "Ann".to_owned(), visitor };
    c.gives("introduce", &"Ann".to_owned(), lobby.introduce(guest).wait());
    heard.extend(["hello all", "hello all", "Ann"]);
    let mut all = witness.0.heard(heard.len())?;
    all.sort();
    heard.sort_unstable();
    c.equal("what the visitor heard", &format!("{heard:?}"), &format!("{all:?}"));
    // One that no daemon serves is within nobody's reach.
    let hidden: VisitorProxy = c.ours.client().build().export(witness).map_err(|error| error.to_string())?;
    c.breaks("greet one who cannot be reached", "export it on a daemon", lobby.greet(&hidden).wait());
    Ok(())
}

//! Errors of declared types: exceptions for the genuine programs, the same type again for ours.

use ferropyro::{CallError, remote};

use super::{Row, row};
use crate::column::{Column, Verdict};
use crate::command::{Command, Given, Outcome, call, literal};
use crate::objects::desk::{Closed, DeskError, DeskProxy};

pub(super) fn rows() -> Vec<Row> {
    vec![
        row("typed error", "class, text, arguments, attributes and traceback of each variant", errors),
        row(
            "typed error passed on",
            "an error goes through a method that calls another object, and stays what it is",
            passed_on,
        ),
    ]
}

fn errors(c: &mut Column<'_>) -> Verdict {
    if c.serves() {
        for (command, class, text, attributes) in [
            (call("desk", "divide", &["1", "0"]), "ZeroDivisionError", "division by zero", "{}"),
            (
                call("desk", "order", &["'chair'", "101"]),
                "dialect.TooMuch",
                "101 is more than 100",
                "{'asked': 101, 'limit': 100}",
            ),
            (call("desk", "order", &["'desk'"]), "LookupError", "desk is not for sale", "{}"),
            (
                call("desk", "order", &["'void'"]),
                "RuntimeError",
                "nothing is void",
                "{'names': ['void', 'nothing']}",
            ),
            (call("desk", "enter", &["7"]), "PermissionError", "closed until 9", "{'until': 9}"),
        ] {
            c.same(&command)?;
            let answer = c.ask(&command)?;
            let good = matches!(&answer.outcome, Outcome::Failed(trouble)
                if trouble.class == class && trouble.text == text
                    && trouble.attributes == attributes && trouble.traceback);
            c.expect(&command, &format!("{class}({text}) {attributes} with traceback"), &answer, good);
        }
        c.is(&call("desk", "divide", &["7", "2"]), "3")?;
        c.is(&call("desk", "enter", &["10"]), "'welcome'")?;
        return c.same(&call("desk", "unknown", &[]));
    }
    // What a genuine object raises is never an error of ours, even of a class that we use.
    let desk: DeskProxy = c.typed("desk")?;
    c.gives("divide", &3, desk.divide(7, 2).wait());
    c.raises("divide", "ZeroDivisionError", "division by zero", desk.divide(1, 0).wait());
    let order = desk.order("chair").arg("count", 101).wait();
    let asked = order.as_ref().err().and_then(CallError::exception);
    let asked = asked.and_then(|exception| exception.attributes().get("asked")).cloned();
    c.equal("what was asked", "Some(Int(101))", &format!("{asked:?}"));
    c.raises("order", "TooMuch", "101 is more than 100", order);
    c.raises("order", "LookupError", "desk is not for sale", desk.order("desk").wait());
    c.raises("enter", "PermissionError", "closed until 9", desk.enter(7).wait());
    c.gives("enter", &"welcome".to_owned(), desk.enter(10).wait());
    c.raises("unknown", "Marked", "nobody knows", desk.unknown().wait());
    Ok(())
}

/// What a lobby passes on, as those know it who know the desk.
#[remote]
trait Relay {
    async fn divide_at(&self, desk: DeskProxy, a: i64, b: i64) -> Result<i64, DeskError>;
    async fn order_at(&self, desk: DeskProxy, name: String, count: i64) -> Result<i64, DeskError>;
    #[name("call_uri")]
    async fn enter_at(&self, desk: String, method: String, hour: u32) -> Result<String, Closed>;
}

fn at_desk(method: &str, arguments: &[&str]) -> Command {
    let command = call("lobby", method, &[]).with(Given::Proxy("desk"));
    arguments.iter().fold(command, |command, argument| command.with(literal(argument)))
}

fn passed_on(c: &mut Column<'_>) -> Verdict {
    if c.serves() {
        for command in [
            at_desk("divide_at", &["7", "2"]),
            at_desk("divide_at", &["1", "0"]),
            at_desk("order_at", &["'chair'", "101"]),
            at_desk("order_at", &["'desk'", "1"]),
        ] {
            c.same(&command)?;
        }
        return Ok(());
    }
    // Our desk is called by the genuine lobby, which knows nothing of the errors that go through it.
    let lobby: RelayProxy = c.typed("lobby")?;
    let desk: DeskProxy = c.typed("desk")?;
    c.raises("a genuine desk", "ZeroDivisionError", "division by zero", lobby.divide_at(&desk, 1, 0).wait());
    let address = c.site.ours.get("desk").cloned().unwrap_or_default();
    let ours: DeskProxy =
        c.ours.client().build().lookup(address.as_str()).wait().map_err(|error| error.to_string())?;
    c.gives("our desk", &3, lobby.divide_at(&ours, 7, 2).wait());
    c.errs("divide", &DeskError::ByZero, lobby.divide_at(&ours, 1, 0).wait());
    let too_much = DeskError::TooMuch { asked: 101, limit: 100 };
    c.errs("order", &too_much, lobby.order_at(&ours, "chair", 101).wait());
    c.errs("order", &DeskError::NotForSale("desk".to_owned()), lobby.order_at(&ours, "desk", 1).wait());
    let void = DeskError::Void { names: vec!["void".to_owned(), "nothing".to_owned()] };
    c.errs("order", &void, lobby.order_at(&ours, "void", 1).wait());
    let references: RelayProxy = c.typed("references")?;
    c.errs("enter", &Closed { until: 9 }, references.enter_at(address, "enter", 7).wait());
    Ok(())
}

//! Calls, attributes and oneway calls of declared members.

use ferropyro::{CallError, Client, Codec, Proxy, Stream, remote};

use super::{Row, eval, row};
use crate::column::{Column, Verdict};
use crate::command::{Act, call, invocation, literal, to};
use crate::objects::alphabet::AlphabetProxy;
use crate::objects::desk::{DeskError, DeskProxy};
use crate::objects::lobby::LobbyProxy;
use crate::objects::tape::TapeProxy;
use crate::objects::{CounterProxy, TillProxy};
use crate::pyro::Pyro;

pub(super) fn rows() -> Vec<Row> {
    vec![
        row(
            "typed metadata",
            "the names that a declaration offers are those of the genuine object",
            metadata,
        ),
        row("typed call", "async and plain methods, defaults, keywords, other names", calls),
        row(
            "typed wrong call",
            "too few, too many, unknown and twice given arguments, and arguments of a wrong type",
            wrong_calls,
        ),
        row("typed inside of a proxy", "length, index and iteration, declared by their Python names", inside),
        row("typed wrong declaration", "what is declared is not what is there", wrong_declarations),
        row("typed attribute", "read, set, refused, and one that raises", attributes),
        row("typed attribute as stream", "an attribute whose value is a stream", stream),
        row("typed oneway", "nobody waits, by the declaration and by choice", oneways),
        row("typed impl", "the methods of a type without a trait", of_impl),
        row("typed plain methods", "methods that block do so beside one another", blocking),
        row("typed await", "calls of several tasks at the same time, awaited", awaited),
    ]
}

fn inside(c: &mut Column<'_>) -> Verdict {
    if c.serves() {
        c.is(&call("alphabet", "__len__", &[]), "3")?;
        c.is(&call("alphabet", "__getitem__", &["1"]), "'b'")?;
        c.fails(&call("alphabet", "__getitem__", &["7"]), "IndexError", "list index out of range")?;
        if c.pyro() == Pyro::Five {
            c.is(&eval("alphabet", "[len(p), p[1], list(p), 'c' in p]"), "[3, 'b', ['a', 'b', 'c'], True]")?;
        }
        return Ok(());
    }
    let alphabet: AlphabetProxy = c.typed("alphabet")?;
    c.gives("count", &3, alphabet.count().wait());
    c.gives("letter", &"b".to_owned(), alphabet.letter(1).wait());
    c.raises("letter", "IndexError", "list index out of range", alphabet.letter(7).wait());
    c.items("letters", &["a", "b", "c"].map(str::to_owned), alphabet.letters().wait());
    Ok(())
}

fn metadata(c: &mut Column<'_>) -> Verdict {
    if c.serves() {
        for thing in ["desk", "tape", "lobby", "till", "single"] {
            c.same(&to(thing, Act::Metadata))?;
        }
        return Ok(());
    }
    declares::<DeskProxy>(c, "desk")?;
    declares::<TapeProxy>(c, "tape")?;
    declares::<LobbyProxy>(c, "lobby")?;
    declares::<TillProxy>(c, "till")?;
    declares::<CounterProxy>(c, "single")
}

/// The genuine object offers what is declared of it.
fn declares<P: Proxy>(c: &mut Column<'_>, thing: &str) -> Verdict {
    let there = c.typed::<P>(thing)?.metadata().wait().map_err(|error| error.to_string())?;
    let sorted = |names: &[String]| {
        let mut names = names.to_vec();
        names.sort();
        names
    };
    let declared = P::interface().metadata();
    let parts = |metadata: &ferropyro::Metadata| {
        format!("{:?}", [sorted(&metadata.methods), sorted(&metadata.oneway), sorted(&metadata.attrs)])
    };
    c.equal(thing, &parts(declared), &parts(&there));
    Ok(())
}

fn calls(c: &mut Column<'_>) -> Verdict {
    if c.serves() {
        c.is(&call("desk", "add", &["1", "2"]), "3")?;
        c.is(&call("desk", "add", &["1"]), "11")?;
        c.is(&call("desk", "add", &["1"]).keyword("b", "2"), "3")?;
        c.is(&call("desk", "add", &[]).keyword("b", "2").keyword("a", "1"), "3")?;
        c.is(&call("desk", "power", &["3"]), "'9'")?;
        c.is(&call("desk", "power", &["3", "3"]), "'27'")?;
        c.is(&call("desk", "power", &["3"]).keyword("note", "'is '"), "'is 9'")?;
        c.is(&call("desk", "power", &["3", "1", "'is '"]), "'is 3'")?;
        c.same(&call("desk", "arguments", &["-1", "1.5", "'té\\'xt'", "True", "None"]))?;
        let maybe = call("desk", "arguments", &["7", "-0.0", "''"]).keyword("maybe", "255");
        c.same(&maybe.keyword("flag", "False"))?;
        // An int is a number to Python, and so is a bool.
        c.is(&call("desk", "arguments", &["True", "2", "''", "False", "0"]), "\"[1, 2.0, '', False, 0]\"")?;
        c.is(&call("desk", "maybe", &["None"]), "None")?;
        c.is(&call("desk", "maybe", &["9223372036854775807"]), "9223372036854775807")?;
        c.is(&call("desk", "nothing", &[]), "None")?;
        c.is(&call("desk", "camelCase", &[]).keyword("text", "'hump'"), "'HUMP'")?;
        c.is(&call("desk", "type", &[]), "'desk'")?;
        c.is(&call("desk", "__len__", &[]), "3")?;
        c.is(&call("desk", "total", &["[1, 2, 3]"]), "6")?;
        return c.same(&call("desk", "camel_case", &["'hump'"]));
    }
    let desk: DeskProxy = c.typed("desk")?;
    c.gives("add", &11, desk.add(1).wait());
    let annotated = desk.add(1).with_annotations().wait().map(|(sum, annotations)| {
        (sum, annotations.get(*b"DMON").map(|data| String::from_utf8_lossy(data).into_owned()))
    });
    c.gives(
        "add with annotations",
        &(11, Some("conformance".to_owned())),
        annotated.map_err(CallError::<DeskError>::from),
    );
    c.gives("add with b", &3, desk.add(1).arg("b", 2).wait());
    c.gives("power", &"9".to_owned(), desk.power(3).wait());
    let power = desk.power(3).arg("note", "is ").arg("exponent", 3);
    c.gives("power with both", &"is 27".to_owned(), power.wait());
    let arguments = desk.arguments(-1, 1.5, "té'xt", true, Some(255));
    c.gives("arguments", &"[-1, 1.5, \"té'xt\", True, 255]".to_owned(), arguments.wait());
    let arguments = desk.arguments(i64::MIN, -0.0, "", false, None);
    c.gives("arguments", &"[-9223372036854775808, -0.0, '', False, None]".to_owned(), arguments.wait());
    c.gives("maybe", &Some(i64::MAX), desk.maybe(Some(i64::MAX)).wait());
    c.gives("maybe nothing", &None, desk.maybe(None).wait());
    c.gives("nothing", &(), desk.nothing().wait());
    c.gives("camelCase", &"HUMP".to_owned(), desk.camel_case("hump").wait());
    c.gives("type", &"desk".to_owned(), desk.r#type().wait());
    c.gives("__len__", &3, desk.length().wait());
    c.breaks("total", "a stream cannot be sent", desk.total(Stream::from_items([1, 2])).wait());
    Ok(())
}

fn wrong_calls(c: &mut Column<'_>) -> Verdict {
    if c.serves() {
        for (command, text) in [
            (call("desk", "add", &[]), "missing 1 required positional argument: 'a'"),
            (call("desk", "add", &[]).keyword("b", "1"), "missing 1 required positional argument: 'a'"),
            (call("desk", "divide", &[]), "missing 2 required positional arguments: 'a' and 'b'"),
            (call("desk", "add", &["1"]).keyword("c", "2"), "got an unexpected keyword argument 'c'"),
            (call("desk", "add", &["1"]).keyword("a", "2"), "got multiple values for argument 'a'"),
        ] {
            c.alike(&command)?;
            c.fails(&command, "TypeError", text)?;
        }
        // Python counts the object itself.
        for (command, text) in [
            (
                call("desk", "add", &["1", "2", "3"]),
                "takes from 1 to 2 positional arguments but 3 were given",
            ),
            (call("desk", "divide", &["1", "2", "3"]), "takes 2 positional arguments but 3 were given"),
            (call("desk", "nothing", &["1"]), "takes 0 positional arguments but 1 was given"),
        ] {
            c.alike(&command)?;
            c.fails(&command, "TypeError", text)?;
        }
        let text = call("desk", "add", &["'one'"]);
        c.alike(&text)?;
        c.fails(&text, "TypeError", "add() argument 'a': expected int, got str")?;
        c.fails(&call("desk", "add", &["1.5"]), "TypeError", "add() argument 'a': expected int, got float")?;
        c.fails(&call("desk", "camelCase", &["1"]), "TypeError", "argument 'text'")?;
        c.fails(&call("desk", "maybe", &["[]"]), "TypeError", "expected int, got list")?;
        let keyword = call("desk", "power", &["3"]).keyword("exponent", "'two'");
        c.fails(&keyword, "TypeError", "power() argument 'exponent': expected int, got str")?;
        let fits = "argument 'exponent': -1 does not fit u32 (0 to 4294967295)";
        c.fails(&call("desk", "power", &["3", "-1"]), "ValueError", fits)?;
        c.fails(&call("desk", "lines", &["-1"]), "ValueError", "argument 'count': -1 does not fit usize")?;
        return c.is(&call("desk", "add", &["1", "2"]), "3");
    }
    let desk: DeskProxy = c.typed("desk")?;
    c.raises(
        "an unknown keyword",
        "TypeError",
        "unexpected keyword argument 'c'",
        desk.add(1).arg("c", 2).wait(),
    );
    c.raises("twice", "TypeError", "multiple values for argument 'a'", desk.add(1).arg("a", 2).wait());
    c.raises("a text", "TypeError", "", desk.add(1).arg("b", "two").wait());
    c.gives("add", &11, desk.add(1).wait());
    Ok(())
}

/// A desk that was misunderstood.
#[remote]
trait Misunderstood {
    #[name("add")]
    async fn text(&self, a: i64) -> Result<String, DeskError>;
    async fn nothing(&self) -> i64;
    async fn lines(&self, count: usize) -> Stream<String>;
    async fn nowhere(&self);
    async fn motto(&self) -> String;
    #[attr]
    async fn r#type(&self) -> String;
}

fn wrong_declarations(c: &mut Column<'_>) -> Verdict {
    c.only_calling()?;
    let desk: MisunderstoodProxy = c.typed("desk")?;
    c.breaks("a text that is a number", "expected str, got int", desk.text(1).wait());
    c.breaks("a number that is nothing", "expected int, got None", desk.nothing().wait());
    c.breaks("a stream that is a list", "no stream of items but of type list", desk.lines(0).wait());
    c.breaks("a method that is not there", "nowhere", desk.nowhere().wait());
    c.breaks("a method that is an attribute", "motto", desk.motto().wait());
    c.breaks("an attribute that is a method", "type", desk.r#type().wait());
    let right: DeskProxy = ferropyro::AnyProxy::from(desk).into();
    c.gives("the same as what it is", &11, right.add(1).wait());
    Ok(())
}

fn attributes(c: &mut Column<'_>) -> Verdict {
    if c.serves() {
        c.needs_more_than_marshal()?;
        c.is(&to("desk", Act::Get("motto")), "'be plain'")?;
        c.is(&to("desk", Act::Set("motto", literal("'be brief'"))), "None")?;
        c.is(&to("desk", Act::Get("motto")).on("another"), "'be brief'")?;
        c.is(&to("desk", Act::Set("motto", literal("'be plain'"))), "None")?;
        c.same(&to("desk", Act::Get("version")))?;
        c.same(&to("desk", Act::Get("broken")))?;
        c.same(&to("desk", Act::Set("motto", literal("''"))))?;
        c.fails(&to("desk", Act::Set("motto", literal("1"))), "TypeError", "attribute 'motto'")?;
        c.alike(&to("desk", Act::Set("version", literal("1"))))?;
        c.same(&to("desk", Act::Get("nope")))?;
        return c.same(&to("desk", Act::Set("nope", literal("1"))));
    }
    let desk: DeskProxy = c.typed("desk")?;
    c.gives("motto", &"be plain".to_owned(), desk.motto().wait());
    c.gives("set motto", &(), desk.set_motto("be brief").wait());
    c.gives("motto", &"be brief".to_owned(), desk.motto().wait());
    c.gives("set motto", &(), desk.set_motto("be plain").wait());
    c.gives("version", &(1, 2), desk.version().wait());
    c.raises("broken", "ZeroDivisionError", "division by zero", desk.broken().wait());
    // A genuine ValueError is no error of ours.
    c.raises("no motto", "ValueError", "an empty motto", desk.set_motto("").wait());
    Ok(())
}

fn stream(c: &mut Column<'_>) -> Verdict {
    c.needs_more_than_marshal()?;
    if c.pyro() == Pyro::Four {
        return c.cannot("Pyro4 does not stream attributes");
    }
    if c.serves() {
        return c.is(&eval("desk", "list(p.numbers)"), "[1, 2, 3]");
    }
    let desk: DeskProxy = c.typed("desk")?;
    c.items("numbers", &[1, 2, 3], desk.numbers().wait());
    Ok(())
}

fn oneways(c: &mut Column<'_>) -> Verdict {
    if c.serves() {
        c.is(&call("desk", "forget", &[]), "None")?;
        c.is(&call("desk", "log", &["'one'"]), "None")?;
        // Nobody hears that these fail.
        c.is(&call("desk", "log", &["2"]), "None")?;
        c.is(&call("desk", "log", &[]), "None")?;
        c.is(&to("desk", Act::Oneway(invocation("divide", &["1", "0"]))).on("forced"), "None")?;
        c.is(&call("desk", "log", &[]).keyword("line", "'three'"), "None")?;
        c.is(&call("desk", "lines", &["2"]), "['one', 'three']")?;
        return c.is(&call("desk", "forget", &[]), "None");
    }
    let desk: DeskProxy = c.typed("desk")?;
    c.gives("forget", &(), desk.forget().wait());
    c.gives("log", &(), desk.log("one").wait());
    c.gives("log", &(), desk.log("two").wait());
    let added = desk.add(1).oneway().wait();
    c.gives("add, oneway", &(), added);
    c.gives("lines", &vec!["one".to_owned(), "two".to_owned()], desk.lines(2).wait());
    c.gives("forget", &(), desk.forget().wait());
    Ok(())
}

fn of_impl(c: &mut Column<'_>) -> Verdict {
    let coins = [("2".to_owned(), 3), ("5".to_owned(), 1)];
    if c.serves() {
        c.is(&call("till", "deposit", &["5"]), "6")?;
        c.is(&call("till", "deposit", &["5"]).keyword("amount", "-5"), "0")?;
        c.is(&call("till", "count", &["{'2': 3, '5': 1}"]), "11")?;
        for method in ["audit", "audited", "_audit", "new"] {
            c.alike(&to("till", Act::Unchecked(invocation(method, &[]))))?;
        }
        if c.codec() != Codec::Marshal {
            c.is(&to("till", Act::Get("currency")), "'EUR'")?;
        }
        return Ok(());
    }
    let till: TillProxy = c.typed("till")?;
    c.gives("deposit", &6, till.deposit(5).wait());
    c.gives("deposit with amount", &0, till.deposit(5).arg("amount", -5).wait());
    c.gives("count", &11, till.count(coins.into()).wait());
    c.gives("currency", &"EUR".to_owned(), till.currency().wait());
    Ok(())
}

fn blocking(c: &mut Column<'_>) -> Verdict {
    const CALLERS: usize = 4;
    c.is(&call("desk", "forget", &[]), "None")?;
    if c.serves() {
        let meet = invocation("meet", &[&CALLERS.to_string()]);
        c.is(&to("desk", Act::Threads { call: meet, threads: CALLERS, each: 1 }), "{'4': 4}")?;
    } else {
        let desk: DeskProxy = c.typed("desk")?;
        let desks: Vec<_> = (0..CALLERS).map(|_| desk.fork()).collect();
        let met: Result<Vec<_>, String> = std::thread::scope(|scope| {
            let callers: Vec<_> =
                desks.iter().map(|desk| scope.spawn(move || desk.meet(CALLERS).wait())).collect();
            callers
                .into_iter()
                .map(|caller| caller.join().map_err(|_| "a thread panicked".to_owned()))
                .map(|met| met?.map_err(|error| error.to_string()))
                .collect()
        });
        c.equal(
            "those who met",
            &format!("{:?}", Ok::<_, String>(vec![CALLERS; CALLERS])),
            &format!("{met:?}"),
        );
    }
    c.is(&call("desk", "forget", &[]), "None")
}

fn awaited(c: &mut Column<'_>) -> Verdict {
    const CALLS: i64 = 50;
    c.only_calling()?;
    let uri = c.uris().get("desk").cloned().unwrap_or_default();
    let client: Client = c.site.runtime.block_on(async { c.ours.client().build() });
    let sums = c.site.runtime.block_on(async {
        let desk: DeskProxy = client.lookup(uri).await?;
        let calls: Vec<_> = (0..CALLS).map(|number| tokio::spawn(desk.add(number).into_future())).collect();
        let mut sums = Vec::new();
        for call in calls {
            sums.push(call.await.map_err(|error| CallError::Misuse(error.to_string()))??);
        }
        Ok::<_, CallError>(sums)
    });
    c.gives("the sums", &(10..CALLS + 10).collect(), sums);
    Ok(())
}

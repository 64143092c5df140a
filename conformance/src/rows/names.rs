//! Name servers: ours asked by genuine callers, the genuine ones by our client.

use ferropyro::client::ClientBuilder;
use ferropyro::naming::NameServer;
use ferropyro::server::DaemonBuilder;
use ferropyro::{Codec, Config, Location};
use serde_json::json;

use super::{Row, row};
use crate::caller::Uris;
use crate::column::{Column, Stop, Verdict, anonymous};
use crate::command::{Act, Command, Target, call, to};
use crate::pyro::Pyro;

pub(super) fn rows() -> Vec<Row> {
    vec![
        row("ns register and lookup", "register, replace, lookup, count, unknown names", register),
        row("ns safe register", "a name that is taken is not replaced", safe),
        row("ns list", "everything, by prefix, by regular expression, with metadata", list),
        row("ns remove", "by name, prefix and regular expression; never the name server itself", remove),
        row("ns metadata", "register with tags, change them, look them up", metadata),
        row("ns yellow pages", "by all tags and by any tag, in the words of both Pyros", yellow_pages),
        row("PYRONAME", "a name is resolved, and its object called", pyroname),
        row(
            "PYRONAME that moved",
            "a name that leads elsewhere by now is looked up again by the next connection",
            moved,
        ),
        row("PYRONAME awaited", "a lookup waits for a name that is registered meanwhile", awaited),
        row("PYROMETA", "tags are resolved, and their object called", pyrometa),
        row("ns database", "a name server reads the SQLite file that the other one wrote", database),
        row(
            "ns stress",
            "64 clients at once register, look up, list and remove names; none is mixed up or left",
            stress,
        ),
        row("ns discovery", "the name server is found by broadcast on the loopback", discovery),
    ]
}

/// Registers on both sides.
fn registered(c: &mut Column<'_>, name: &str, tags: &str) -> Verdict {
    let (name, uri) = (format!("'{name}'"), format!("'PYRO:{name}@some.where:1'"));
    c.same(&call("ns", "register", &[&name, &uri]).keyword("metadata", tags))
}

/// Removes everything of this suite on both sides.
fn cleaned(c: &mut Column<'_>) -> Verdict {
    let clean = call("ns", "remove", &[]).keyword("prefix", "'c.'");
    c.succeeds(&clean)?;
    c.reference(&clean)?;
    Ok(())
}

fn register(c: &mut Column<'_>) -> Verdict {
    cleaned(c)?;
    registered(c, "c.a", "None")?;
    registered(c, "c.ä b", "None")?;
    c.same(&call("ns", "lookup", &["'c.a'"]))?;
    c.same(&call("ns", "lookup", &["'c.ä b'"]))?;
    c.is(&call("ns", "register", &["'c.a'", "'PYRO:other@else.where:2'"]), "None")?;
    c.is(&call("ns", "lookup", &["'c.a'"]), "<URI PYRO:other@else.where:2>")?;
    c.same(&call("ns", "lookup", &["'c.nobody'"]))?;
    c.alike(&call("ns", "register", &["'c.b'", "'no address'"]))?;
    if !c.bridges() {
        // Where the things are registered, too.
        c.same(&call("ns", "count", &[]))?;
    }
    c.same(&call("ns", "ping", &[]))?;
    c.same(&call("ns", "lookup", &["'Pyro.NameServer'"]))?;
    if !c.serves() {
        let names = typed(c)?;
        let found = names.lookup("c.a").wait().map(|uri| uri.to_string());
        c.equal("lookup", "PYRO:other@else.where:2", &found.unwrap_or_else(|error| error.to_string()));
        let unknown = names.lookup("c.nobody").wait();
        let good =
            unknown.as_ref().is_err_and(|error| matches!(error.kind(), ferropyro::CallError::Naming(_)));
        c.expect(&"lookup of an unknown name", &"a naming error", &format!("{unknown:?}"), good);
    }
    cleaned(c)
}

/// The genuine name server as our client sees it.
fn typed(c: &Column<'_>) -> Result<NameServer, Stop> {
    let location = Location::parse(&c.names().location, None).map_err(|error| error.to_string())?;
    let names = c.ours.client().build().name_server_at(location).wait();
    Ok(names.map_err(|error| error.to_string())?)
}

fn safe(c: &mut Column<'_>) -> Verdict {
    cleaned(c)?;
    registered(c, "c.a", "None")?;
    c.same(&call("ns", "register", &["'c.a'", "'PYRO:x@y:1'"]).keyword("safe", "True"))?;
    c.same(&call("ns", "register", &["'c.a'", "'PYRO:x@y:1'", "True"]))?;
    c.same(&call("ns", "lookup", &["'c.a'"]))?;
    if !c.serves() {
        let taken = typed(c)?.register("c.a", "PYRO:x@y:1").safe().wait();
        let good = taken.as_ref().is_err_and(|error| matches!(error.kind(), ferropyro::CallError::Naming(_)));
        c.expect(&"safe register", &"a naming error", &format!("{taken:?}"), good);
    }
    cleaned(c)
}

fn list(c: &mut Column<'_>) -> Verdict {
    cleaned(c)?;
    for (name, tags) in [("c.a", "None"), ("c.b.1", "['x']"), ("c.b.2", "['x', 'y']")] {
        registered(c, name, tags)?;
    }
    c.same_members(&call("ns", "list", &[]).keyword("prefix", "'c.'"))?;
    c.same_members(&call("ns", "list", &[]).keyword("prefix", "'c.b'"))?;
    c.same_members(&call("ns", "list", &["'c.b'"]))?;
    c.same_members(&call("ns", "list", &[]).keyword("regex", "'c[.]b[.][0-9]'"))?;
    c.same_members(&call("ns", "list", &[]).keyword("regex", "'.*nobody'"))?;
    // The genuine Pyro5 name server fails to encode that a name has no tags in most serializers.
    c.same_members(&call("ns", "list", &[]).keyword("prefix", "'c.b'").keyword("return_metadata", "True"))?;
    c.alike(&call("ns", "list", &[]).keyword("regex", "'c('"))?;
    c.alike(&call("ns", "list", &[]).keyword("regex", "'c'").keyword("prefix", "'c'"))?;
    if !c.serves() {
        let names = typed(c)?;
        let entries = |listing: ferropyro::Result<Vec<ferropyro::naming::Registration>>| match listing {
            Ok(entries) => {
                let mut entries: Vec<_> =
                    entries.iter().map(|entry| format!("{}{:?}", entry.name, entry.metadata)).collect();
                entries.sort();
                entries.join(" ")
            }
            Err(error) => error.to_string(),
        };
        c.equal("list by prefix", "c.b.2{\"x\", \"y\"}", &entries(names.list_prefix("c.b.2").wait()));
        c.equal("list by pattern", "c.b.1{\"x\"}", &entries(names.list_regex("c.*1").wait()));
        let both = "c.b.1{\"x\"} c.b.2{\"x\", \"y\"}";
        // Names without tags too, which a genuine Pyro5 name server cannot tell in every serializer.
        c.equal(
            "list with and without tags",
            &format!("c.a{{}} {both}"),
            &entries(names.list_prefix("c.").wait()),
        );
        for (name, tags) in [("c.a", "{}"), ("c.b.1", "{\"x\"}")] {
            let found = names.lookup_with_metadata(name).wait();
            let found = found.map_or_else(|error| error.to_string(), |found| format!("{:?}", found.metadata));
            c.equal("lookup with tags", tags, &found);
        }
        c.equal("any tag", both, &entries(names.yplookup_any(["x", "z"]).wait()));
        c.equal("all tags", "c.b.2{\"x\", \"y\"}", &entries(names.yplookup_all(["x", "y"]).wait()));
    }
    cleaned(c)
}

fn remove(c: &mut Column<'_>) -> Verdict {
    cleaned(c)?;
    for name in ["c.a", "c.b.1", "c.b.2", "c.d.1", "c.d.2"] {
        registered(c, name, "None")?;
    }
    c.is(&call("ns", "remove", &["'c.a'"]), "1")?;
    c.is(&call("ns", "remove", &["'c.a'"]), "0")?;
    c.is(&call("ns", "remove", &[]).keyword("prefix", "'c.b'"), "2")?;
    c.is(&call("ns", "remove", &[]).keyword("regex", "'c.d.*'"), "2")?;
    c.is(&call("ns", "remove", &["'Pyro.NameServer'"]), "0")?;
    c.is(&call("ns", "list", &[]).keyword("prefix", "'c.'"), "{}")?;
    cleaned(c)
}

fn metadata(c: &mut Column<'_>) -> Verdict {
    if c.codec() == Codec::Marshal {
        return c.cannot("a genuine name server fails to encode an address beside its tags in marshal");
    }
    cleaned(c)?;
    registered(c, "c.a", "['x', 'y']")?;
    c.same_members(&call("ns", "lookup", &["'c.a'"]).keyword("return_metadata", "True"))?;
    c.same(&call("ns", "set_metadata", &["'c.a'", "['z']"]))?;
    c.same_members(&call("ns", "lookup", &["'c.a'", "True"]))?;
    c.same(&call("ns", "set_metadata", &["'c.nobody'", "['z']"]))?;
    c.same(&call("ns", "set_metadata", &["'c.a'", "[]"]))?;
    c.same_members(&call("ns", "lookup", &["'c.a'", "True"]))?;
    cleaned(c)
}

fn yellow_pages(c: &mut Column<'_>) -> Verdict {
    cleaned(c)?;
    for (name, tags) in [("c.a", "['x']"), ("c.b", "['x', 'y']"), ("c.d", "['z']")] {
        registered(c, name, tags)?;
    }
    let pyro4 = |word, tags: &str| call("ns", "list", &[]).keyword(word, tags);
    let pyro5 = |word, tags: &str| call("ns", "yplookup", &[]).keyword(word, tags);
    for tags in ["['x']", "['x', 'y']", "['nobody']", "['y', 'z']"] {
        for (in_4, in_5) in [("metadata_all", "meta_all"), ("metadata_any", "meta_any")] {
            let (own, other) = match c.pyro() {
                Pyro::Four => (pyro4(in_4, tags), pyro5(in_5, tags)),
                Pyro::Five => (pyro5(in_5, tags), pyro4(in_4, tags)),
            };
            c.same_members(&own)?;
            c.same_members(&own.keyword("return_metadata", "True"))?;
            if c.serves() {
                c.succeeds(&other)?;
            }
        }
    }
    cleaned(c)
}

/// A name or tags at the name server that is asked.
fn at_names(c: &Column<'_>, name: &str, act: Act) -> Command {
    Command { target: Target::Uri(format!("{name}@{}", c.names().location)), ..to("ns", act) }
}

fn echo() -> Act {
    Act::Call(crate::command::invocation("echo", &["'found'"]))
}

/// Registers the daemon's real object.
fn real(c: &mut Column<'_>, tags: &str) -> Verdict {
    let uri = c.uris().get("thing").map(|uri| format!("'{uri}'")).unwrap_or_default();
    c.is(&call("ns", "register", &["'c.thing'", &uri]).keyword("metadata", tags), "None")
}

fn pyroname(c: &mut Column<'_>) -> Verdict {
    cleaned(c)?;
    real(c, "None")?;
    c.is(&at_names(c, "PYRONAME:c.thing", echo()), "'found'")?;
    c.is(&at_names(c, "PYRONAME:c.thing", Act::Bind).on("bound"), "['PYRO:thing@SOME', 'hello']")?;
    let naming = c.errors("NamingError");
    c.fails(&at_names(c, "PYRONAME:c.nobody", echo()), &naming, "unknown name: c.nobody")?;
    cleaned(c)
}

fn moved(c: &mut Column<'_>) -> Verdict {
    c.not_bridging()?;
    let elsewhere = if c.serves() {
        c.site.variant("elsewhere", DaemonBuilder::default().listen("127.0.0.1:0"))?
    } else {
        c.site.extra(c.pyro(), &["--config", "COMMTIMEOUT=0.0"])?
    };
    cleaned(c)?;
    // The name leads to different objects, so that the methods tell which one it is.
    let register = |uris: &Uris, thing: &str| {
        let uri = uris.get(thing).cloned().unwrap_or_default();
        call("ns", "register", &["'c.moving'", &format!("'{uri}'")])
    };
    let here = c.uris().clone();
    c.is(&register(&here, "thing"), "None")?;
    if c.serves() {
        // A genuine proxy keeps the address that it got; another one asks again.
        let size = Act::Call(crate::command::invocation("size", &["'abc'"]));
        c.is(&at_names(c, "PYRONAME:c.moving", size.clone()).on("one"), "3")?;
        c.is(&register(&elsewhere, "letters"), "None")?;
        c.is(&at_names(c, "PYRONAME:c.moving", size).on("one"), "3")?;
        let length = Act::Call(crate::command::invocation("__len__", &[]));
        c.is(&at_names(c, "PYRONAME:c.moving", length).on("other"), "3")?;
        return cleaned(c);
    }
    let name: ferropyro::Uri =
        format!("PYRONAME:c.moving@{}", c.names().location).parse().map_err(|error| format!("{error}"))?;
    let proxy = c.ours.client().build().proxy(name);
    let shown = |method: &'static str, arguments: Vec<ferropyro::Value>| {
        let arguments = ferropyro::Arguments::new(method, arguments, ferropyro::Dict::new());
        let answer = proxy.call(method, arguments).wait();
        answer.map_or_else(|error| error.to_string(), |value| crate::show::show(&value))
    };
    c.equal("here", "3", &shown("size", vec!["abc".into()]));
    c.is(&register(&elsewhere, "letters"), "None")?;
    proxy.release();
    c.equal("elsewhere", "3", &shown("__len__", Vec::new()));
    cleaned(c)
}

fn awaited(c: &mut Column<'_>) -> Verdict {
    c.only_calling()?;
    cleaned(c)?;
    let location = Location::parse(&c.names().location, None).map_err(|error| error.to_string())?;
    let client =
        c.ours.client().name_server(location).lookup_delay(std::time::Duration::from_secs(10)).build();
    let uri = c.uris().get("thing").cloned().unwrap_or_default();
    // Whichever of the two is first.
    let looked_up = std::thread::spawn(move || {
        let proxy = client.lookup_any("PYRONAME:c.late").wait()?;
        Ok::<_, ferropyro::Error>(proxy.call("echo", (1,)).wait()?)
    });
    c.is(&call("ns", "register", &["'c.late'", &format!("'{uri}'")]), "None")?;
    let outcome = looked_up.join().map_err(|_| "the lookup panicked".to_owned())?;
    let shown = outcome.map_or_else(|error| error.to_string(), |value| crate::show::show(&value));
    c.equal("the call", "1", &shown);
    cleaned(c)
}

fn stress(c: &mut Column<'_>) -> Verdict {
    const CLIENTS: usize = 64;
    const EACH: usize = 10;
    let before = c.ask(&call("ns", "count", &[]))?;
    if c.serves() {
        let uri = c.uris().get("ns").cloned().unwrap_or_default();
        let hammer = json!({"cmd": "hammer", "uri": uri, "threads": CLIENTS, "each": EACH});
        c.raw_is(&hammer, &format!("{{'right': {}}}", CLIENTS * EACH))?;
    } else {
        let names = typed(c)?;
        let names = &names;
        let place = Location::parse(&c.names().location, None).map_err(|error| error.to_string())?;
        let client = c.ours.client().build();
        let work = |number: usize| -> Result<usize, ferropyro::Error> {
            let names = client.name_server_at(place.clone()).wait()?;
            let mut right = 0;
            for turn in 0..EACH {
                let name = format!("hammer.{number}.{turn}");
                let uri = format!("PYRO:{name}@some.where:1");
                names.register(&name, &uri).wait()?;
                let found = names.lookup(&name).wait()?.to_string() == uri;
                let listed = names.list_prefix(&name).wait()?.len() == 1;
                let removed = names.remove(&name).wait()? == 1;
                right += usize::from(found && listed && removed);
            }
            Ok(right)
        };
        let outcomes: Vec<_> = std::thread::scope(|scope| {
            let work = &work;
            let workers: Vec<_> = (0..CLIENTS).map(|number| scope.spawn(move || work(number))).collect();
            workers.into_iter().map(|worker| worker.join().ok()).collect()
        });
        for outcome in outcomes {
            let shown = outcome.map(|outcome| outcome.map_err(|error| error.to_string()));
            c.equal("right turns", &format!("{:?}", Some(Ok::<_, String>(EACH))), &format!("{shown:?}"));
        }
        names.ping().wait().map_err(|error| error.to_string())?;
    }
    let after = c.ask(&call("ns", "count", &[]))?;
    c.expect(&"the count of names", &before, &after, before.outcome == after.outcome);
    Ok(())
}

fn pyrometa(c: &mut Column<'_>) -> Verdict {
    cleaned(c)?;
    real(c, "['c.x', 'c.y']")?;
    c.is(&at_names(c, "PYROMETA:c.x,c.y", echo()), "'found'")?;
    let naming = c.errors("NamingError");
    c.fails(&at_names(c, "PYROMETA:c.x,c.nobody", echo()), &naming, "no registrations available")?;
    cleaned(c)
}

fn database(c: &mut Column<'_>) -> Verdict {
    let path = c.site.path(&format!("names-{}.sql", c.heading).replace(' ', "-"));
    let storage = format!("sql:{path}");
    let entry = |uris: &mut Uris, uri: String| uris.insert("ns".to_owned(), uri);
    let register =
        call("ns", "register", &["'kept'", "'PYRO:kept@some.where:1'"]).keyword("metadata", "['x', 'y']");
    let mut uris = Uris::new();
    if c.serves() {
        // A genuine name server writes, ours reads.
        let (genuine, uri) = c.site.names(&storage)?;
        entry(&mut uris, uri);
        c.go_to(uris.clone());
        c.is(&register, "None")?;
        drop(genuine);
    }
    let ours = {
        let storage =
            storage.parse().map_err(|error: ferropyro_ns::storage::StorageError| error.to_string())?;
        let names = ferropyro_ns::NameServer::builder().host("127.0.0.1").port(0).storage(storage);
        c.site.runtime.block_on(names.start()).map_err(|error| error.to_string())?
    };
    entry(&mut uris, ours.uri().to_string());
    c.go_to(uris.clone());
    if c.serves() {
        c.is(&call("ns", "lookup", &["'kept'"]), "<URI PYRO:kept@some.where:1>")?;
        c.is(&call("ns", "count", &[]), "2")?;
        return c.site.runtime.block_on(ours.stop()).map_err(|error| Stop::Fail(error.to_string()));
    }
    // Ours writes, a genuine name server reads.
    c.is(&register, "None")?;
    c.site.runtime.block_on(ours.stop()).map_err(|error| Stop::Fail(error.to_string()))?;
    let (_genuine, uri) = c.site.names(&storage)?;
    entry(&mut uris, uri);
    c.go_to(uris);
    c.is(&call("ns", "lookup", &["'kept'"]), "<URI PYRO:kept@some.where:1>")?;
    c.is(&call("ns", "count", &[]), "2")
}

fn discovery(c: &mut Column<'_>) -> Verdict {
    let port = c.names().broadcast;
    if c.serves() {
        let addresses = if c.pyro() == Pyro::Five { json!(["127.0.0.1"]) } else { json!("127.0.0.1") };
        let settings = json!({"NS_HOST": "", "NS_BCPORT": port, "BROADCAST_ADDRS": addresses});
        c.raw_is(&json!({"cmd": "config", "set": settings}), "None")?;
        c.raw_is(&json!({"cmd": "ns"}), "'PYRO:Pyro.NameServer@SOME'")?;
        c.raw_is(&json!({"cmd": "ns", "method": "ping"}), "None")?;
        return c.raw_is(&json!({"cmd": "config", "set": {"NS_HOST": "localhost"}}), "None");
    }
    let settings = [("PYRO_BROADCAST_ADDRS", "127.0.0.1".to_owned()), ("PYRO_NS_BCPORT", port.to_string())];
    let config = Config::from_vars(settings.map(|(name, value)| (name.to_owned(), value)));
    let config = config.map_err(|error| error.to_string())?;
    // Nothing listens on the port where it is looked for first.
    let client = ClientBuilder::from_config(&config).name_server(Location::tcp("127.0.0.1", 1)).build();
    let found = client.name_server().wait().map(|names| names.uri().to_string());
    let found = found.unwrap_or_else(|error| error.to_string());
    c.equal("the name server's address", "PYRO:Pyro.NameServer@SOME", &anonymous(&found));
    Ok(())
}

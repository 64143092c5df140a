"""Runs the genuine caller against the genuine daemon, so that what fails in the suite is not the scripts' fault.

Run it by hand, with the Python that `cargo xtask venv` prints, after a change to the scripts.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
DEMO = os.path.join(HERE, "..", "..", "crates", "ferropyro-cli", "demo")
SERIALIZERS = ("serpent", "json", "marshal", "msgpack")


class Script:
    """A script under way."""

    def __init__(self, name, *arguments):
        command = [sys.executable, os.path.join(HERE, name), *map(str, arguments)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                        stderr=subprocess.DEVNULL)
        self.ready = self.first_answer()

    def first_answer(self):
        return self.answer()["ready"]

    def answer(self):
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError("the script has ended: %s" % self.process.args)
        return json.loads(line)

    def ask(self, cmd, **command):
        self.process.stdin.write(json.dumps(dict(command, cmd=cmd)) + "\n")
        self.process.stdin.flush()
        return self.answer()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait(20)
        self.process.stdout.close()


class Program(Script):
    """A script for people under way: it says in words what it serves."""

    def first_answer(self):
        return self.process.stdout.readline()


class Report:
    """Compares answers with what is expected of them."""

    def __init__(self):
        self.right = self.wrong = 0

    def expect(self, row, answer, ok=None, **expected):
        """Holds if the answer is `ok`, or an error with these members."""
        if ok is not None:
            good = answer.get("ok") == ok
        else:
            error = answer.get("error")
            good = error is not None and all(
                value in error[key] if key == "text" else error[key] == value for key, value in expected.items())
        self.right += good
        self.wrong += not good
        if not good:
            print("WRONG  %s\n       expected %s\n       got      %s" % (row, ok or expected, json.dumps(answer)))


def rows(version, serializer, report, server, client):
    uris = server.ready
    pyro = "Pyro%d.errors." % version
    name = lambda text: "pyro%d %s: %s" % (version, serializer, text)
    sequence = {"serpent": "(1, 2)", "marshal": "(1, 2)"}.get(serializer, "[1, 2]")

    def on(thing, cmd, **command):
        return client.ask(cmd, uri=uris[thing], **command)

    def call(row, thing, method, args, ok=None, cmd="call", **more):
        expected = {key: more.pop(key) for key in ("text", "traceback") if key in more}
        kind = more.pop("error", None)
        if kind:
            expected["class"] = kind
        report.expect(name(row), on(thing, cmd, method=method, args=args, **more), ok, **expected)

    # Values and arguments.
    call("echo", "thing", "echo", "('text',)", "'text'")
    call("tuple", "thing", "echo", "((1, 2),)", sequence)
    call("big int", "thing", "echo", "(2**70,)", str(2**70))
    call("describe", "thing", "describe", "([1.5, None, True],)", "'list|[1.5, None, True]'")
    call("make a set", "thing", "make", "('{3, 1}',)", {"serpent": "{1, 3}", "marshal": "{1, 3}"}.get(
        serializer, "[1, 3]"))
    call("keywords", "thing", "add", "(1,)", "3", kwargs="{'b': 2}")
    call("default", "thing", "add", "(1,)", "11")
    call("arguments", "thing", "arguments", "(1,)", "\"[(1,), {'a': 'x', 'b': 2}]\"", kwargs="{'b': 2, 'a': 'x'}")
    call("none", "thing", "nothing", "()", "None")
    call("wrong arguments", "thing", "add", "()", error="TypeError", traceback=True)
    call("point", "thing", "describe", "(Point(1, 2),)", "'Point|Point(1, 2)'")
    call("point back", "thing", "make", "('Point(3, 4)',)", "Point(3, 4)")

    # Attributes: marshal cannot.
    broken = "AttributeError" if serializer == "marshal" else None

    def attribute(row, cmd, ok, error=None, text="", **command):
        expected = {"class": broken or error, "text": "" if broken else text}
        report.expect(name(row), on("thing", cmd, **command), None if broken else ok, **expected)

    attribute("get", "get", "'be plain'", name="motto")
    attribute("set", "set", "None", name="motto", value="'be brief'")
    attribute("get again", "get", "'be brief'", name="motto")
    attribute("set back", "set", "None", name="motto", value="'be plain'")
    attribute("read only", "set", None, "AttributeError", name="version", value="1")
    attribute("broken", "get", None, "RuntimeError", "the attribute is broken", name="broken")
    attribute("refused", "set", None, "TypeError", "a motto is a text", name="motto", value="1")
    report.expect(name("unknown attribute"), on("thing", "get", name="nope"), text="no exposed attribute",
                  traceback=False, **{"class": "AttributeError"})

    # Names.
    for method, text in (("_private", "private attribute '_private'"), ("nope", "has no attribute 'nope'"),
                         ("unexposed", "unexposed attribute 'unexposed'"), ("constant", "unexposed attribute"),
                         ("motto", "unexposed attribute"), ("echo.__class__", "has no attribute")):
        call("name " + method, "thing", method, "()", cmd="unchecked", error="AttributeError", text=text)
    call("dunder", "thing", "__dunder__", "()", "'within reach'")
    call("inherited", "thing", "inherited", "()", "'inherited'")
    call("class method", "thing", "of_the_class", "()", "'Thing'")
    call("static method", "thing", "of_nobody", "()", "'static'")
    report.expect(name("bare"), on("bare", "bind"), text="doesn't expose any methods", **{"class": pyro + "PyroError"})
    report.expect(name("unknown object"), client.ask("bind", uri=uris["thing"].replace("thing", "nothing")),
                  text="unknown object", **{"class": pyro + "CommunicationError"})
    report.expect(name("metadata"), on("letters", "metadata"),
                  "{'methods': ['__delitem__', '__getitem__', '__iter__', '__len__', '__setitem__'], 'oneway': [], "
                  "'attrs': []}")
    call("inside declared", "alphabet", "__getitem__", "(1,)", "'b'")
    if version == 5:
        report.expect(name("inside"), on("letters", "eval", expression="[len(p), p[1], list(p)]"),
                      "[3, 'b', ['a', 'b', 'c']]")

    # Oneway.
    call("forget", "thing", "forget", "()", "None")
    call("oneway", "thing", "log", "('one',)", "None")
    call("oneway fails", "thing", "log_and_fail", "('two',)", "None")
    call("oneway runs on", "thing", "log_when_unblocked", "('three',)", "None")
    call("forced oneway", "thing", "echo", "(1,)", "None", cmd="oneway", on="forced")
    call("meanwhile", "thing", "lines", "(2,)", "['one', 'two']")
    call("unblock", "thing", "unblock", "()", "None")
    call("lines", "thing", "lines", "(3,)", "['one', 'three', 'two']")

    # Streams.
    call("stream", "streams", "countdown", "(3,)", "[3, 2, 1]", cmd="stream")
    call("stream fails", "streams", "failing", "(2,)", error="ValueError", text="no more after 2", cmd="stream")
    call("stream closed", "streams", "squares", "()", "[0, 1, 4]", cmd="stream", take=3, close=True)
    call("stream is closed", "streams", "closed", "(1,)", "1")
    call("iterator", "streams", "iterator", "([1, 2],)", "[1, 2]", cmd="stream")
    call("empty stream", "streams", "empty", "()", "[]", cmd="stream")
    call("stream values", "streams", "values", "()", "[None, True, 1.5, 'text', [1, [2]], {'key': 'value'}]",
         cmd="stream")
    if version == 5 and not broken:
        report.expect(name("stream attribute"), on("thing", "eval", expression="list(p.numbers)"), "[1, 2, 3]")

    # Exceptions.
    call("builtin", "failures", "fail", "('ZeroDivisionError', 'by', 0)", error="ZeroDivisionError",
         text="('by', 0)", traceback=True)
    report.expect(name("attributes"), on("failures", "call", method="fail", args="('ValueError', 'x')",
                                         kwargs="{'code': 7}"),
                  **{"class": "ValueError", "attributes": "{'code': 7}", "args": "['x']"})
    report.expect(name("notes"), on("failures", "call", method="fail", args="('ValueError', 'x')",
                                    kwargs="{'__notes__': ['a note']}"),
                  **{"class": "ValueError", "attributes": "{'__notes__': ['a note']}"})
    lines = on("failures", "traceback", method="fail_in_depth", args="(2,)")["ok"]
    report.expect(name("traceback lines"), {"ok": lines.count("in fail_in_depth")}, 3)
    call("of Pyro", "failures", "fail", "('NamingError', 'nobody')", error=pyro + "NamingError", traceback=True)
    call("of ours", "failures", "fail", "('CustomError', 'odd', 1)", error="dialect.CustomError", text="('odd', 1)")
    call("unknown", "failures", "fail_unknown", "()", error=pyro + "SerializeError", text="UnknownError")
    call("unserializable exception", "failures", "fail_unserializable", "()", error=pyro + "PyroError",
         text="Error serializing exception")
    call("unserializable result", "failures", "unserializable", "()", traceback=True)
    call("after that", "failures", "returned", "()", "ValueError('only a value', 1)")

    # Batches: marshal cannot.
    report.expect(name("batch"), on("thing", "batch", calls=[["echo", "(1,)"], ["add", "(1,)", "{'b': 1}"]]),
                  None if broken else "[1, 2]", **{"class": broken})
    report.expect(name("batch fails"), on("failures", "batch", calls=[["returned"], ["fail", "('KeyError',)"]]),
                  **{"class": broken or "KeyError"})
    report.expect(name("oneway batch"), on("thing", "oneway_batch", calls=[["log", "('four',)"]]),
                  None if broken else "None", **{"class": broken})
    if not broken:
        call("oneway batch arrives", "thing", "lines", "(4,)", "['four', 'one', 'three', 'two']")
    if version == 4:
        call("async", "thing", "echo", "(1,)", "1", cmd="async_call")
        report.expect(name("async batch"), on("thing", "async_batch", calls=[["echo", "(1,)"]]),
                      None if broken else "[1]", **{"class": broken})

    # Sessions and instances.
    for thing, counts in (("session", "12112"), ("percall", "11111"), ("single", "12345")):
        start = 0
        if thing == "single":
            start = int(on(thing, "call", method="count", on="first")["ok"])
        for index, connection in enumerate(("a", "a", "b", "c", "c")):
            call("%s %d" % (thing, index), thing, "count", "()", str(start + int(counts[index])), on=connection)

    # References.
    if serializer != "marshal":
        report.expect(name("autoproxy"), on("references", "eval", expression="p.child('Ann').greet()"), "'I am Ann'")
        report.expect(name("nested autoproxy"), on("references", "eval", expression=(
            "[child.greet() for child in p.children('Ann', 'Bob')]")), "['I am Ann', 'I am Bob']")
        report.expect(name("myself"), on("references", "call", method="myself"), "<Proxy %s>" % uris["references"])
        call("callback", "references", "call", "(listener, 'answer', 5)", "5")
        call("oneway callback", "references", "call", "(listener, 'hear', 6)", "None")
        report.expect(name("heard"), client.ask("heard", count=2), "[5, 6]")
        call("failing callback", "references", "call", "(listener, 'fail', 'no')", error="ValueError", text="no")
        call("callback's attribute", "references", "attribute", "(listener, 'motto')", "'all ears'")
        call("there and back", "references", "call", "(listener, 'call', Proxy('%s'), 'describe', 1)" % uris["thing"],
             "'int|1'")
    report.expect(name("uri"), on("references", "call", method="uri"), "<URI %s>" % uris["references"])
    report.expect(name("proxy"), on("references", "call", method="proxy"), "<Proxy %s>" % uris["references"])
    call("callback to a uri", "references", "call_uri", "(listener_uri, 'answer', 7)", "7")
    call("proxy argument", "references", "same", "(Proxy('%s'),)" % uris["references"], "True")
    call("heard on both sides", "references", "call_and_hear", "(Proxy('%s'), 'nope')" % uris["thing"],
         error="AttributeError")

    typed_rows(serializer, report, name, on, call, sequence, broken)

    # Context.
    correlation = "12345678-1234-5678-1234-567812345678"
    seen = on("context", "call", method="seen", annotations={"ABCD": "x"}, correlation=correlation)
    report.expect(name("context"), seen, "{'annotations': {'ABCD': 'x'}, 'correlation': '%s', 'peer': ['127.0.0.1'], "
                                         "'serializer': '%s'}" % (correlation, serializer))
    report.expect(name("daemon's annotation"), {"ok": seen.get("annotations", {}).get("DMON")}, "conformance")
    answered = on("context", "call", method="answer_with", args="('WXYZ', 'back')")
    report.expect(name("answered annotation"), {"ok": answered.get("annotations", {}).get("WXYZ")}, "back")
    report.expect(name("correlation goes on"), on("context", "call", method="correlation_onwards",
                                                  args="('%s',)" % uris["context"], correlation=correlation),
                  "'%s'" % correlation)
    call("track", "context", "track", "('tracked',)", "None", on="tracking")
    on("context", "release", on="tracking")
    call("closed", "context", "closed", "(1,)", "['tracked']")

    # Blobs: what the genuine one finds in a json blob is a key of the call.
    report.expect(name("blob"), on("blobs", "blob", method="open", info="'i'", data="([1, 2],)"),
                  "\"['i', %s]\"" % {"json": "'params'", "serpent": "([1, 2],)"}.get(serializer, "[[1, 2]]"))
    report.expect(name("blob passed on"),
                  on("blobs", "blob", method="pass_on", info="'%s'" % uris["blobs"], data="[1]"),
                  "\"['%s', %s]\"" % (uris["blobs"], "'params'" if serializer == "json" else "[1]"))

    # Connections.
    report.expect(name("handshake"), on("thing", "bind", on="plain"), "['%s', 'hello']" % uris["thing"])
    on("thing", "options", on="asks", handshake="{'answer': [1, None]}")
    report.expect(name("handshake answered"), on("thing", "bind", on="asks"), "['%s', [1, None]]" % uris["thing"])
    on("thing", "options", on="refused", handshake="{'refuse': 'not today'}")
    report.expect(name("handshake refused"), on("thing", "bind", on="refused"), text="not today",
                  **{"class": pyro + "CommunicationError"})
    report.expect(name("ping"), on("thing", "ping"), "[6, 7, b'pong']")
    on("thing", "options", timeout=0.2, on="hasty")
    report.expect(name("timeout"), on("thing", "call", method="meet", args="(2,)", on="hasty"),
                  **{"class": pyro + "TimeoutError"})
    call("the other one", "thing", "meet", "(2,)", "2")
    call("parallel", "thing", "meet", "(5,)", "{'5': 5}", cmd="threads", threads=5, each=1)
    call("threads", "thing", "echo", "(1,)", "{'1': 100}", cmd="threads", threads=4, each=25)
    if version == 4:
        call("shared proxy", "thing", "echo", "(1,)", "{'1': 100}", cmd="threads", threads=4, each=25, shared=True)
    client.ask("config", set={"COMPRESSION": True})
    call("compressed", "thing", "size", "('x' * 5000,)", "5000")
    client.ask("config", set={"COMPRESSION": False})
    raw = on("thing", "raw", method="echo", args="('x' * 500,)")
    report.expect(name("raw"), {"ok": "'flags': %d" % (64 if version == 5 else 0) in raw["ok"]}, True)
    report.expect(name("daemon ping"), client.ask("call", uri=uris["daemon"], method="ping"), "None")
    report.expect(name("daemon metadata"), client.ask("eval", uri=uris["daemon"], expression=(
        "sorted(p.get_metadata('bare')['methods'])")), "[]")
    gone = on("doorkeeper", "call", method="gone", args="(1,)")
    report.expect(name("gone"), {"ok": int(gone["ok"]) >= 1}, True)


def typed_rows(serializer, report, name, on, call, sequence, broken):
    """The objects that have declared types on the other side."""
    # Calls.
    call("typed default", "desk", "add", "(1,)", "11")
    call("typed keyword", "desk", "power", "(3,)", "'is 9'", kwargs="{'note': 'is '}")
    call("typed arguments", "desk", "arguments", "(1, 1.5, 'x', True, None)", "\"[1, 1.5, 'x', True, None]\"")
    call("typed camel case", "desk", "camelCase", "('hump',)", "'HUMP'")
    call("typed dunder", "desk", "__len__", "()", "3")
    call("typed total", "desk", "total", "([1, 2],)", "3")
    call("typed wrong call", "desk", "add", "()", error="TypeError", text="argument: 'a'", traceback=True)
    call("typed meeting", "desk", "meet", "(3,)", "{'3': 3}", cmd="threads", threads=3, each=1)
    call("typed forget", "desk", "forget", "()", "None")
    call("typed oneway", "desk", "log", "('one',)", "None")
    call("typed lines", "desk", "lines", "(1,)", "['one']")
    call("typed forget again", "desk", "forget", "()", "None")
    call("till", "till", "deposit", "(5,)", "6")
    call("till coins", "till", "count", "({'2': 3, '5': 1},)", "11")
    if not broken:
        report.expect(name("typed attribute"), on("desk", "get", name="version"), sequence)
        report.expect(name("typed attribute fails"), on("desk", "set", name="motto", value="''"),
                      text="an empty motto", **{"class": "ValueError"})
        report.expect(name("typed batch"), on("desk", "batch", calls=[["add", "(1,)"], ["maybe", "(None,)"]]),
                      "[11, None]")

    # Data.
    call("typed ware", "wares", "ware", "({'name': 'x', 'parts': []},)", "{'name': 'x', 'parts': []}")
    call("typed last", "wares", "last", "()", "\"dict|{'name': 'x', 'parts': []}\"")
    call("typed part", "wares", "part", "(Part(name='x', count=1),)", "Part(count=1, name='x')")
    call("typed some part", "wares", "some_part", "()", "Part(count=3, name='bolt')")
    if serializer != "marshal":
        call("typed some shapes", "wares", "some_shapes", "()", "[Circle(radius=1.5), Square(side=2.0)]")

    # Errors.
    call("typed error", "desk", "divide", "(1, 0)", error="ZeroDivisionError", traceback=True)
    report.expect(name("typed error of ours"), on("desk", "call", method="order", args="('chair', 101)"),
                  text="101 is more than 100", attributes="{'asked': 101, 'limit': 100}", traceback=True,
                  **{"class": "dialect.TooMuch"})
    report.expect(name("typed error's list"), on("desk", "call", method="order", args="('void',)"),
                  attributes="{'names': ['void', 'nothing']}", **{"class": "RuntimeError"})

    # Streams.
    call("typed stream", "tape", "countdown", "(3,)", "[3, 2, 1]", cmd="stream")
    call("typed guarded stream", "tape", "guarded", "(-1,)", error="ZeroDivisionError")
    call("typed stream closed", "tape", "squares", "()", "[0, 1, 4]", cmd="stream", take=3, close=True)
    call("typed stream is closed", "tape", "closed", "(1,)", "1")

    # References.
    if serializer != "marshal":
        report.expect(name("typed child"), on("lobby", "eval", expression="p.child('Ann').greet()"), "'I am Ann'")
        report.expect(name("typed family"), on("lobby", "eval", expression=(
            "p.family('Ann', ['Bob'])['others']['Bob'].greet()")), "'I am Bob'")
        call("typed callback", "lobby", "greet", "(listener,)", "'hello'")
        call("typed callbacks", "lobby", "greet_all", "([listener, listener],)", "['hello all', 'hello all']")
        call("typed callback inside", "lobby", "introduce", "({'name': 'Ann', 'visitor': listener},)", "'Ann'")
        call("typed callback fails", "lobby", "provoke", "(listener, 'no')", error="ValueError", text="no")

    # Instances.
    call("moody", "moody", "mood", "()", error="ValueError", text="not now")
    call("less moody", "moody", "mood", "()", "'well'")
    call("guest", "guest", "come", "()", "'here'")
    on("guest", "release")
    call("guest is gone", "departures", "gone", "(1,)", "1")


def names(version, serializer, report):
    with Script("names.py", "--pyro", version, "--broadcast", "127.0.0.1") as ns, \
            Script("client.py", "--pyro", version, "--serializer", serializer) as client:
        host, port = ns.ready["ns"].split("@")[1].split(":")
        place = {"host": host, "port": int(port)}
        name = lambda text: "pyro%d %s names: %s" % (version, serializer, text)
        with Script("server.py", "--pyro", version, "--ns", "%s:%s" % (host, port)) as server:
            thing = server.ready["thing"]
            report.expect(name("lookup"), client.ask("ns", method="lookup", args="('conformance.thing',)", **place),
                          "<URI %s>" % thing)
            report.expect(name("resolve"), client.ask("resolve", uri="PYRONAME:conformance.thing@%s:%s" % (host, port)),
                          "'%s'" % thing)
            report.expect(name("call"), client.ask("call", uri="PYRONAME:conformance.thing@%s:%s" % (host, port),
                                                   method="echo", args="(1,)"), "1")
            report.expect(name("set_metadata"), client.ask("ns", method="set_metadata", args=(
                "('conformance.thing', ['a', 'b'])"), **place), "None")
            report.expect(name("meta"), client.ask("resolve", uri="PYROMETA:a,b@%s:%s" % (host, port)), "'%s'" % thing)
            search = {"method": "yplookup", "kwargs": "{'meta_all': ['a']}"} if version == 5 else {
                "method": "list", "kwargs": "{'metadata_all': ['a']}"}
            found = client.ask("ns", **search, **place)
            report.expect(name("search"), {"ok": thing in found.get("ok", "")}, True)
            report.expect(name("unknown"), client.ask("ns", method="lookup", args="('nobody',)", **place),
                          text="unknown name: nobody", traceback=True,
                          **{"class": "Pyro%d.errors.NamingError" % version})
            report.expect(name("hammer"), client.ask("hammer", uri=ns.ready["ns"], threads=4, each=3), "{'right': 12}")
            bchost, bcport = ns.ready["broadcast"]
            addresses = [bchost] if version == 5 else bchost
            client.ask("config", set={"NS_HOST": "", "NS_BCPORT": bcport, "BROADCAST_ADDRS": addresses})
            report.expect(name("discovery"), client.ask("ns"), "'%s'" % ns.ready["ns"])


def transports(version, report):
    with tempfile.TemporaryDirectory() as directory:
        path = os.path.join(directory, "socket")
        with Script("server.py", "--pyro", version, "--unix", path) as server, \
                Script("client.py", "--pyro", version) as client:
            report.expect("pyro%d unix" % version, client.ask("call", uri=server.ready["thing"], method="echo",
                                                              args="(1,)"), "1")
    if version == 4:
        with Script("server.py", "--pyro", 4, "--hmac", "secret") as server, Script("client.py", "--pyro", 4) as client:
            client.ask("options", uri=server.ready["thing"], hmac="secret")
            report.expect("pyro4 hmac", client.ask("call", uri=server.ready["thing"], method="echo", args="(1,)"), "1")
            client.ask("options", uri=server.ready["thing"], on="wrong", hmac="wrong")
            report.expect("pyro4 wrong hmac", client.ask("call", uri=server.ready["thing"], on="wrong", method="echo",
                                                         args="(1,)"), text="hmac")


def demo(version, report):
    def run(script, *arguments):
        command = [sys.executable, os.path.join(DEMO, script), *common, *arguments]
        return {"ok": subprocess.run(command, stdout=subprocess.PIPE, text=True, timeout=20).stdout}

    with Script("names.py", "--pyro", version) as ns:
        common = "--pyro", str(version), "--ns", ns.ready["ns"].split("@")[1]
        with Program(os.path.join(DEMO, "greeting.py"), *common, "serve"), Program(os.path.join(DEMO, "callback.py"), *common, "serve"), \
                Program(os.path.join(DEMO, "chain.py"), *common, "A", "B"), Program(os.path.join(DEMO, "chain.py"), *common, "B", "A"), \
                Script("client.py", "--pyro", version) as client:
            report.expect("pyro%d greeting" % version, run("greeting.py", "call"),
                          "Hi, world! Pyro%d here.\n" % version)
            report.expect("pyro%d callback" % version, run("callback.py", "call"),
                          "step 1 of 3\nstep 2 of 3\nstep 3 of 3\nthe worker's result: 6\n")
            report.expect("pyro%d chain" % version, client.ask("call", uri="PYRONAME:example.chain.A@" + common[-1],
                                                               method="process", args="([],)"),
                          "['A (Pyro%d)', 'B (Pyro%d)', 'back at A']" % (version, version))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="run only what has this word in its name, like `pyro4 json`")
    only = parser.parse_args().only
    report = Report()
    for version in (4, 5):
        for serializer in SERIALIZERS:
            if only in "pyro%d %s" % (version, serializer):
                with Script("server.py", "--pyro", version) as server, \
                        Script("client.py", "--pyro", version, "--serializer", serializer) as client:
                    rows(version, serializer, report, server, client)
                names(version, serializer, report)
        transports(version, report)
        demo(version, report)
    print("%d right, %d wrong" % (report.right, report.wrong))
    return 1 if report.wrong else 0


if __name__ == "__main__":
    sys.exit(main())

"""A genuine Pyro caller that does as it is told: the other side of the suite's Rust daemons.

Reads commands from standard input, a JSON object a line, and answers each with one:
`{"ok": TEXT, ...}` or `{"error": {"class", "text", "args", "attributes", "traceback"}, ...}`.
The answer's `annotations`, if any came, and for streams and batches the items `before` an error, come along.
It prints `{"ready": {"pyro": VERSION}}` first, and ends when its standard input closes.

A command has `cmd`, one of the methods of `Caller` below, and what that method says. Most have `uri`: the
connection to it is kept from one command to the next, and `on` names another one to the same object.
`args` and `kwargs` are Python expressions, in which `listener` is an object to be called back and `p` (and
whatever `on` named) a proxy. `annotations` and `correlation` are sent along with the command's call.
"""

import argparse
import datetime
import decimal
import json
import socket
import sys
import threading
import uuid

import dialect
import lifetime
import show
from dialect import (Circle, Part, Point, Proxy, SerializedBlob, Square, URI, batch, config, current_context,
                     locate_ns, protocol, resolve)
from listener import Listening


HANDSHAKE_ANSWERS = {}


def keep_answer(proxy, response):
    """Keeps what the daemon answered to a proxy's handshake."""
    HANDSHAKE_ANSWERS[id(proxy)] = response


Proxy._pyroValidateHandshake = keep_answer


class Caller:
    """The commands; each returns what it answers as `ok`."""

    def __init__(self):
        self.proxies = {}
        self.listening = Listening()
        self.names = {
            "datetime": datetime, "decimal": decimal, "uuid": uuid, "Point": Point, "Part": Part,
            "Circle": Circle, "Square": Square, "URI": URI, "Proxy": Proxy, "nan": float("nan"),
            "inf": float("inf"),
        }
        self.before = []

    def proxy(self, command):
        """The connection that a command is about."""
        key = (command["uri"], command.get("on"))
        if key not in self.proxies:
            self.proxies[key] = Proxy(command["uri"])
        return self.proxies[key]

    def evaluate(self, expression):
        names = dict(self.names)
        if "listener" in expression:
            names["listener"] = self.listening.listener()
            names["listener_uri"] = self.listening.uri()
        for (uri, on), proxy in self.proxies.items():
            if on:
                names[on] = proxy
        return eval(expression, names)

    def arguments(self, command):
        return self.evaluate(command.get("args", "()")), self.evaluate(command.get("kwargs", "{}"))

    # Calls.

    def call(self, command):
        """Calls `method`."""
        args, kwargs = self.arguments(command)
        return getattr(self.proxy(command), command["method"])(*args, **kwargs)

    def eval(self, command):
        """Evaluates `expression`, in which `p` is the proxy."""
        self.names["p"] = self.proxy(command)
        return self.evaluate(command["expression"])

    def get(self, command):
        """Reads the attribute `name`."""
        return getattr(self.proxy(command), command["name"])

    def set(self, command):
        """Sets the attribute `name` to the expression `value`."""
        setattr(self.proxy(command), command["name"], self.evaluate(command["value"]))

    def unchecked(self, command):
        """Calls `method` although the metadata does not have it: what a caller that checks nothing would send."""
        args, kwargs = self.arguments(command)
        return self.proxy(command)._pyroInvoke(command["method"], args, kwargs)

    def traceback(self, command):
        """Calls `method`; answers the remote traceback of what it raises."""
        try:
            return self.call(command)
        except Exception as error:
            return "".join(error._pyroTraceback)

    def oneway(self, command):
        """Calls `method` as a oneway call, whatever the metadata says."""
        proxy = self.proxy(command)
        proxy._pyroBind()
        proxy._pyroOneway.add(command["method"])
        return self.call(command)

    def not_oneway(self, command):
        """Calls `method` and waits, whatever the metadata says."""
        proxy = self.proxy(command)
        proxy._pyroBind()
        proxy._pyroOneway.discard(command["method"])
        return self.call(command)

    def async_call(self, command):
        """Pyro4: calls `method` in the background and waits for the result."""
        proxy = self.proxy(command)
        proxy._pyroAsync()
        try:
            return self.call(command).value
        finally:
            proxy._pyroAsync(False)

    def batch(self, command):
        """Makes `calls`, a list of `[METHOD, ARGS, KWARGS]`, in one message."""
        results = self.queue(command)()
        for result in results:
            self.before.append(result)
        return self.before

    def async_batch(self, command):
        """Pyro4: as `batch`, in the background."""
        for result in self.queue(command)(asynchronous=True).value:
            self.before.append(result)
        return self.before

    def oneway_batch(self, command):
        """As `batch`, without results."""
        return self.queue(command)(oneway=True)

    def queue(self, command):
        queue = batch(self.proxy(command))
        for method, *arguments in command["calls"]:
            args, kwargs = self.arguments(dict(zip(("args", "kwargs"), arguments)))
            getattr(queue, method)(*args, **kwargs)
        return queue

    def stream(self, command):
        """Reads the stream that `method` returns: to its end, or `take` items and then `close`."""
        items = self.call(command)
        take = command.get("take")
        while take is None or len(self.before) < take:
            try:
                self.before.append(next(items))
            except StopIteration:
                return self.before
        if command.get("close"):
            items.close()
        else:
            self.names["rest"] = items
        return self.before

    def blob(self, command):
        """Calls `method` with a blob of `info` and `data`."""
        blob = SerializedBlob(self.evaluate(command["info"]), self.evaluate(command["data"]))
        return getattr(self.proxy(command), command["method"])(blob)

    def raw(self, command):
        """Calls `method`, and answers what the reply looks like on the wire."""
        proxy = self.proxy(command)
        proxy._pyroRawWireResponse = True
        try:
            reply = self.call(command)
        finally:
            proxy._pyroRawWireResponse = False
        return {"flags": reply.flags, "seq": reply.seq, "type": reply.type, "size": len(reply.data),
                "serializer": dialect.serializer_name(reply.serializer_id)}

    def traceback(self, command):
        """Calls `method`, which fails, and answers the remote traceback."""
        try:
            self.call(command)
        except Exception as error:
            return "".join(error._pyroTraceback)
        raise RuntimeError("it did not fail")

    def threads(self, command):
        """Calls `method` `each` times in each of `threads` threads; with `shared`, on one proxy (Pyro4)."""
        outcomes = []
        args, kwargs = self.arguments(command)
        shared = self.proxy(command) if command.get("shared") else None

        def work():
            proxy = shared or Proxy(command["uri"])
            for _ in range(command["each"]):
                try:
                    outcomes.append(show.show(getattr(proxy, command["method"])(*args, **kwargs)))
                except Exception as error:
                    outcomes.append(show.show(error))
                    break
            if not shared:
                proxy._pyroRelease()

        workers = [threading.Thread(target=work) for _ in range(command["threads"])]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        return {outcome: outcomes.count(outcome) for outcome in sorted(set(outcomes))}

    def hammer(self, command):
        """Registers, looks up, lists and removes names at the name server `uri`, `each` times in each of `threads`
        threads; answers how often all of it was right."""
        outcomes = []

        def work(number):
            with Proxy(command["uri"]) as ns:
                for turn in range(command["each"]):
                    name = "hammer.%d.%d" % (number, turn)
                    try:
                        ns.register(name, "PYRO:%s@some.where:1" % name)
                        right = str(ns.lookup(name)) == "PYRO:%s@some.where:1" % name
                        right = right and list(ns.list(prefix=name + ".")) == [] and name in ns.list(prefix=name)
                        outcomes.append("right" if right and ns.remove(name) == 1 else "wrong")
                    except Exception as error:
                        outcomes.append(show.show(error))

        workers = [threading.Thread(target=work, args=(number,)) for number in range(command["threads"])]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        return {outcome: outcomes.count(outcome) for outcome in sorted(set(outcomes))}

    def connected(self, command):
        """Calls `method` of the object `id` over a socket that is connected before there is a proxy."""
        host, port = command["place"].rsplit(":", 1)
        with socket.create_connection((host, int(port))) as connection:
            proxy = Proxy(command["id"], connected_socket=connection)
            args, kwargs = self.arguments(command)
            return [getattr(proxy, command["method"])(*args, **kwargs) for _ in range(2)]

    # Connections.

    def bind(self, command):
        """Connects; answers the address, resolved, and what the daemon said to the handshake."""
        proxy = self.proxy(command)
        proxy._pyroBind()
        return [str(proxy._pyroUri), HANDSHAKE_ANSWERS.get(id(proxy))]

    def release(self, command):
        """Closes the connection."""
        self.proxy(command)._pyroRelease()

    def reconnect(self, command):
        self.proxy(command)._pyroReconnect(1)

    def options(self, command):
        """Sets `timeout`, `retries`, `serializer`, `handshake` (an expression) or `hmac` of the proxy."""
        proxy = self.proxy(command)
        if "timeout" in command:
            proxy._pyroTimeout = command["timeout"]
        if "retries" in command:
            proxy._pyroMaxRetries = command["retries"]
        if "serializer" in command:
            proxy._pyroSerializer = command["serializer"]
        if "handshake" in command:
            proxy._pyroHandshake = self.evaluate(command["handshake"])
        if "hmac" in command:
            proxy._pyroHmacKey = command["hmac"]

    def config(self, command):
        """Sets items of Pyro's configuration, for all proxies."""
        for item, value in command["set"].items():
            if not hasattr(config, item):
                raise AttributeError("no such setting: %s" % item)
            setattr(config, item, value)

    def metadata(self, command):
        """The names that the object exposes."""
        proxy = self.proxy(command)
        proxy._pyroBind()
        return {"methods": sorted(proxy._pyroMethods), "oneway": sorted(proxy._pyroOneway),
                "attrs": sorted(proxy._pyroAttrs)}

    def ping(self, command):
        """Sends a PING frame; answers the reply's type, number and text."""
        proxy = self.proxy(command)
        proxy._pyroBind()
        connection = proxy._pyroConnection
        if dialect.VERSION == 4:
            connection.send(protocol.Message(protocol.MSG_PING, b"ping", 42, 0, 7).to_bytes())
            reply = protocol.Message.recv(connection, [protocol.MSG_PING])
        else:
            connection.send(protocol.SendingMessage(protocol.MSG_PING, 0, 7, 42, b"ping").data)
            reply = protocol.recv_stub(connection, [protocol.MSG_PING])
        return [reply.type, reply.seq, bytes(reply.data)]

    # Names.

    def ns(self, command):
        """Finds the name server (at `host` and `port`, else by discovery) and calls `method`, if any, on it."""
        place = {key: command[key] for key in ("host", "port") if key in command}
        with locate_ns(**place) as ns:
            if "method" not in command:
                return str(ns._pyroUri)
            args, kwargs = self.arguments(command)
            return getattr(ns, command["method"])(*args, **kwargs)

    def resolve(self, command):
        """The address of what the URI names."""
        return str(resolve(command["uri"]))

    # Being called back.

    def heard(self, command):
        """Everything that the listener heard, once there are `count` things."""
        return self.listening.listener().heard(command["count"])


def answer(caller, command):
    caller.before = []
    current_context.response_annotations = {}
    try:
        if "uri" in command:
            # Now, since Pyro4 forgets the annotations when a proxy is made.
            caller.proxy(command)
        current_context.annotations = {
            key: text.encode("latin-1") for key, text in command.get("annotations", {}).items()}
        correlation = command.get("correlation")
        current_context.correlation_id = uuid.UUID(correlation) if correlation else None
        result = {"ok": show.show(getattr(caller, command["cmd"])(command))}
    except Exception as error:
        result = {"error": show.error(error)}
        if caller.before:
            result["before"] = show.show(caller.before)
    seen = current_context.response_annotations
    if seen:
        result["annotations"] = {key: bytes(value).decode("latin-1") for key, value in sorted(seen.items())}
    return result


def main():
    parser = argparse.ArgumentParser(description=__doc__, parents=[dialect.parser])
    parser.add_argument("--serializer", default="serpent", choices=("serpent", "json", "marshal", "msgpack"))
    options = parser.parse_args()
    config.SERIALIZER = options.serializer
    caller = Caller()
    lifetime.say({"ready": {"pyro": dialect.VERSION}})
    for line in sys.stdin:
        lifetime.say(answer(caller, json.loads(line)))


if __name__ == "__main__":
    main()

"""The objects that `server.py` serves: one for each group of features.

Nothing here sleeps: what takes time waits for an event, for ten seconds at most.
"""

import datetime
import decimal
import threading
import uuid

import show
from dialect import (CustomError, Point, Proxy, SerializedBlob, URI, behavior, callback, current_context, errors,
                     expose, oneway, serializer_name)

PATIENCE = 10.0

NAMES = {"datetime": datetime, "decimal": decimal, "uuid": uuid, "Point": Point, "URI": URI, "Proxy": Proxy}


class Tally:
    """Counts what happens in other threads, for somebody who waits until enough has happened."""

    def __init__(self):
        self.changed = threading.Condition()
        self.events = []

    def add(self, event):
        with self.changed:
            self.events.append(event)
            self.changed.notify_all()

    def wait(self, count):
        """All events, once there are at least `count` of them."""
        with self.changed:
            if not self.changed.wait_for(lambda: len(self.events) >= count, PATIENCE):
                raise RuntimeError("waited in vain for %d events, there are %r" % (count, self.events))
            return list(self.events)

    def clear(self):
        with self.changed:
            self.events.clear()


class Inherited:
    """What a class inherits is exposed only where it was marked itself."""

    def unexposed(self):
        return "out of reach"

    @expose
    def inherited(self):
        return "inherited"


@expose
class Thing(Inherited):
    """Values, arguments, attributes, names, oneway calls."""

    constant = "out of reach"

    def __init__(self):
        self._motto = "be plain"
        self._lines = Tally()
        self._unblocked = threading.Event()
        self._meeting = {}
        self._lock = threading.Lock()

    # Values and arguments.

    def echo(self, value):
        """Gives the value back."""
        return value

    def describe(self, value):
        """What arrived, as `type|repr`."""
        return show.describe(value)

    def make(self, expression):
        """What a Python expression stands for."""
        return eval(expression, dict(NAMES))

    def add(self, a, b=10):
        return a + b

    def arguments(self, *args, **kwargs):
        """How the arguments arrived."""
        return show.show([args, dict(sorted(kwargs.items()))])

    def size(self, value):
        return len(value)

    def nothing(self):
        pass

    # Attributes and names.

    @property
    def motto(self):
        return self._motto

    @motto.setter
    def motto(self, text):
        if not isinstance(text, str):
            raise TypeError("a motto is a text")
        self._motto = text

    @property
    def version(self):
        """Cannot be set."""
        return (1, 2)

    @property
    def broken(self):
        """Cannot be read."""
        raise RuntimeError("the attribute is broken")

    @property
    def numbers(self):
        """A stream, for those who stream attributes."""
        return iter([1, 2, 3])

    def __private(self):
        return "out of reach"

    def _private(self):
        return "out of reach"

    def __dunder__(self):
        return "within reach"

    @classmethod
    def of_the_class(cls):
        return cls.__name__

    @staticmethod
    def of_nobody():
        return "static"

    # Oneway calls.

    @oneway
    def log(self, line):
        """Keeps a line; nobody waits for it."""
        self._lines.add(line)

    @oneway
    def log_and_fail(self, line):
        self._lines.add(line)
        raise RuntimeError("nobody hears this")

    @oneway
    def log_when_unblocked(self, line):
        """A oneway call that is still running while the next ones come."""
        self._unblocked.wait(PATIENCE)
        self._lines.add(line)

    def lines(self, count):
        """The lines, sorted, once there are `count` of them."""
        return sorted(self._lines.wait(count))

    def forget(self):
        self._lines.clear()
        self._unblocked.clear()

    # Time and threads.

    def block(self):
        """Does not return before `unblock` is called."""
        return self._unblocked.wait(PATIENCE)

    def unblock(self):
        self._unblocked.set()

    def meet(self, parties):
        """Returns once so many callers are in here at the same time."""
        with self._lock:
            barrier = self._meeting.setdefault(parties, threading.Barrier(parties))
        barrier.wait(PATIENCE)
        return parties


@expose
class Streams:
    """Item streams."""

    def __init__(self):
        self._closed = Tally()

    def countdown(self, start):
        for number in range(start, 0, -1):
            yield number

    def squares(self):
        """Has no end; says when it was closed."""
        number = 0
        try:
            while True:
                yield number * number
                number += 1
        finally:
            self._closed.add("squares")

    def failing(self, count):
        """So many items, then an error."""
        yield from range(count)
        raise ValueError("no more after %d" % count)

    def iterator(self, items):
        return iter(items)

    def empty(self):
        return iter(())

    def values(self):
        """Items of many kinds."""
        yield from (None, True, 1.5, "text", [1, [2]], {"key": "value"})

    def closed(self, count):
        """How many endless streams were closed, once there are `count` of them."""
        return len(self._closed.wait(count))


@expose
class Failures:
    """Exceptions of all kinds."""

    KINDS = {"CustomError": CustomError}

    def fail(self, name, *args, **attributes):
        """Raises a builtin exception, one of Pyro's, or one of ours; with these attributes."""
        import builtins
        kind = self.KINDS.get(name) or getattr(errors, name, None) or getattr(builtins, name)
        error = kind(*args)
        vars(error).update(attributes)
        raise error

    def fail_unknown(self):
        """Raises what no other process knows."""
        class UnknownError(Exception):
            pass
        raise UnknownError("who are you?")

    def fail_unserializable(self):
        raise ValueError(threading.Lock())

    def fail_in_depth(self, depth):
        """Raises at the bottom of so many calls."""
        if depth == 0:
            raise ArithmeticError("the bottom")
        self.fail_in_depth(depth - 1)

    def fail_from(self):
        try:
            raise KeyError("cause")
        except KeyError as cause:
            raise ValueError("effect") from cause

    def unserializable(self):
        return [threading.Lock()]

    def returned(self):
        """An exception as a value, not raised."""
        return ValueError("only a value", 1)


@expose
class Child:
    """An object that is registered or not; see `References`."""

    def __init__(self, name):
        self.name = name

    def greet(self):
        return "I am %s" % self.name


@expose
class Unregistered:
    """Never registered, and its type neither."""

    def __init__(self, name):
        self.name = name


@expose
class References:
    """Objects, proxies and addresses as values; calls back and onwards."""

    def __init__(self):
        self._kept = None

    def _new_child(self, name):
        child = Child(name)
        self._pyroDaemon.register(child)
        return child

    def child(self, name):
        """A registered object: arrives as a proxy."""
        return self._new_child(name)

    def children(self, *names):
        return [self._new_child(name) for name in names]

    def myself(self):
        return self

    def unregistered(self):
        return Unregistered("nobody")

    def uri(self):
        return self._pyroDaemon.uriFor(self)

    def proxy(self):
        return Proxy(self._pyroDaemon.uriFor(self))

    def call(self, proxy, method, *args):
        """Calls a method of the proxy that it is given."""
        return getattr(proxy, method)(*args)

    def call_uri(self, uri, method, *args):
        """Calls a method of the object there."""
        with Proxy(uri) as proxy:
            return getattr(proxy, method)(*args)

    def attribute(self, proxy, name):
        return getattr(proxy, name)

    def same(self, proxy):
        """Whether the proxy is one for this object."""
        return proxy._pyroUri.object == self._pyroId

    @callback
    def call_and_hear(self, proxy, method, *args):
        """As `call`, but an error is raised on both sides."""
        return getattr(proxy, method)(*args)


@expose
class Context:
    """What a method knows of its caller, and resources that die with the connection."""

    def __init__(self):
        self._closed = Tally()
        self._resources = []  # Pyro itself only has weak references

    def seen(self):
        """The call's context."""
        own = ("CORR", "HMAC", "BLBI")
        return {
            "annotations": {key: bytes(value).decode("latin-1")
                            for key, value in sorted(current_context.annotations.items()) if key not in own},
            "correlation": str(current_context.correlation_id),
            "peer": list(current_context.client_sock_addr or ())[:1],
            "serializer": serializer_name(current_context.serializer_id),
        }

    def answer_with(self, key, text):
        """Sends an annotation back."""
        current_context.response_annotations = {key: text.encode("latin-1")}

    def correlation_onwards(self, uri):
        """The correlation id that the object there sees when it is called from here."""
        with Proxy(uri) as proxy:
            return proxy.seen()["correlation"]

    def track(self, name):
        """Opens something that is to be closed when the caller's connection goes."""
        closed = self._closed

        class Resource:
            def close(self):
                closed.add(name)

        resource = Resource()
        self._resources.append(resource)
        current_context.track_resource(resource)

    def closed(self, count):
        return self._closed.wait(count)


@expose
class Blobs:
    """Payloads that are passed on without being decoded."""

    def open(self, blob):
        """What is in a blob."""
        return show.show([blob.info, blob.deserialized()])

    def pass_on(self, blob):
        """Sends it on, still closed, to the object that its info names."""
        with Proxy(blob.info) as proxy:
            # What is passed on stays as it was written, so the call must be labelled alike.
            proxy._pyroSerializer = serializer_name(current_context.serializer_id)
            return proxy.open(blob)

    def is_blob(self, blob):
        return isinstance(blob, SerializedBlob)


@expose
class Letters:
    """An object with an inside: length, index, iteration."""

    def __init__(self):
        self._letters = list("abc")

    def __len__(self):
        return len(self._letters)

    def __getitem__(self, index):
        return self._letters[index]

    def __setitem__(self, index, letter):
        self._letters[index] = letter

    def __delitem__(self, index):
        del self._letters[index]

    def __iter__(self):
        return iter(list(self._letters))


class Bare:
    """Exposes nothing."""

    def method(self):
        return "out of reach"


class Counter:
    """Counts its own calls: shows how many instances there are. See its three children."""

    def __init__(self):
        self._count = 0

    @expose
    def count(self):
        self._count += 1
        return self._count


@behavior(instance_mode="single")
class Single(Counter):
    """One instance."""


@behavior(instance_mode="session")
class Session(Counter):
    """An instance for each connection."""


@behavior(instance_mode="percall", instance_creator=lambda kind: kind())
class PerCall(Counter):
    """An instance for each call, made by a function."""


def all_things():
    """Everything to serve, by name."""
    return {
        "thing": Thing(),
        "streams": Streams(),
        "failures": Failures(),
        "references": References(),
        "context": Context(),
        "blobs": Blobs(),
        "letters": Letters(),
        "alphabet": Letters(),
        "bare": Bare(),
        "single": Single,
        "session": Session,
        "percall": PerCall,
    }

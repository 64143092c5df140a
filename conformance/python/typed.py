"""The objects that have declared types on the other side: what is `#[remote]` in `src/objects/`.

A genuine object declares none: it takes what comes, and gives what a typed caller expects.
"""

import show
from dialect import Circle, Part, Square, TooMuch, behavior, expose, oneway
from things import Child, Tally


class Marked(LookupError):
    """Nobody else knows this one."""


@expose
class Desk:
    """Members of every kind: parameters, attributes, oneway calls, errors."""

    def __init__(self):
        self._motto = "be plain"
        self._limit = 100
        self._lines = Tally()

    # Parameters.

    def add(self, a, b=10):
        return a + b

    def power(self, base, exponent=2, note=""):
        return "%s%d" % (note, base ** exponent)

    def arguments(self, number, ratio, text, flag, maybe):
        """What arrived."""
        return show.show([number, ratio, text, flag, maybe])

    def maybe(self, value):
        return value

    def nothing(self):
        pass

    def camelCase(self, text):
        return text.upper()

    def type(self):
        return "desk"

    def __len__(self):
        return 3

    def total(self, numbers):
        """The sum of numbers, which a typed object takes as a stream."""
        return sum(numbers)

    # Attributes.

    @property
    def motto(self):
        return self._motto

    @motto.setter
    def motto(self, text):
        if not text:
            raise ValueError("an empty motto")
        self._motto = text

    @property
    def version(self):
        """Cannot be set."""
        return (1, 2)

    @property
    def broken(self):
        """Cannot be read."""
        raise ZeroDivisionError("division by zero")

    @property
    def numbers(self):
        """A stream, for those who stream attributes."""
        return iter([1, 2, 3])

    # Oneway calls.

    @oneway
    def log(self, line):
        self._lines.add(line)

    def lines(self, count):
        """The lines, sorted, once there are `count` of them."""
        return sorted(self._lines.wait(count))

    def forget(self):
        self._lines.clear()

    def meet(self, parties):
        """Returns once so many callers are in here at the same time."""
        self._lines.add("met")
        return len(self._lines.wait(parties))

    # Errors.

    def divide(self, a, b):
        if b == 0:
            raise ZeroDivisionError("division by zero")
        return a // b

    def order(self, name, count=1):
        if count > self._limit:
            error = TooMuch("%d is more than %d" % (count, self._limit))
            error.asked, error.limit = count, self._limit
            raise error
        if name == "desk":
            raise LookupError("desk is not for sale")
        if name == "void":
            error = RuntimeError("nothing is void")
            error.names = ["void", "nothing"]
            raise error
        return count

    def enter(self, hour):
        if hour < 9:
            error = PermissionError("closed until 9")
            error.until = 9
            raise error
        return "welcome"

    def unknown(self):
        raise Marked("nobody knows")


@expose
class Wares:
    """Data of many types, each given back."""

    def __init__(self):
        self._last = "nothing"

    def any(self, value):
        self._last = show.describe(value)
        return value

    ware = wares = by_name = maybe = pair = size = series = labels = content = shared = huge = big = moment = any
    price = identity = phase = part = shapes = grade = address = letter = rows = any

    def last(self):
        """What came last, as `type|repr`."""
        return self._last

    def some_part(self):
        return Part(name="bolt", count=3)

    def some_shapes(self):
        return [Circle(radius=1.5), Square(side=2.0)]


@expose
class Tape:
    """Streams of declared types."""

    def __init__(self):
        self._closed = Tally()

    def countdown(self, start):
        yield from range(start, 0, -1)

    def failing(self, count):
        """So many items, then an error."""
        yield from range(count)
        raise ValueError("no more after %d" % count)

    def guarded(self, count):
        """An error, or a stream."""
        if count < 0:
            raise ZeroDivisionError("division by zero")
        return iter(range(count))

    def wares(self):
        yield {"name": "chair", "stock": 2, "size": (1.5, 2.0), "parts": [], "note": None}
        yield {"name": "desk", "stock": 1, "size": (3.0, 2.0), "parts": [], "note": "old"}

    def squares(self):
        """Has no end; says when it was closed."""
        number = 0
        try:
            while True:
                yield number * number
                number += 1
        finally:
            self._closed.add("squares")

    def closed(self, count):
        """How many endless streams were closed, once there are `count` of them."""
        return len(self._closed.wait(count))

    def spelled(self):
        """Items that are not what a typed caller expects."""
        yield from (1, "two", 3)

    def listed(self):
        """No stream."""
        return [1, 2, 3]


@expose
class Lobby:
    """Objects by reference, in all places: alone, in a list, in a dict."""

    def _new_child(self, name):
        child = Child(name)
        self._pyroDaemon.register(child)
        return child

    def child(self, name):
        return self._new_child(name)

    def children(self, names):
        return [self._new_child(name) for name in names]

    def family(self, eldest, others):
        return {"eldest": self._new_child(eldest), "others": {name: self._new_child(name) for name in others}}

    def myself(self):
        return self

    def same(self, lobby):
        """Whether the proxy is one for this object."""
        return lobby._pyroUri.object == self._pyroId

    def greet(self, visitor):
        """Has a visitor answer."""
        return visitor.answer("hello")

    def greet_all(self, visitors):
        return [visitor.answer("hello all") for visitor in visitors]

    def introduce(self, guest):
        """A guest is a dict with a name and a visitor."""
        return guest["visitor"].answer(guest["name"])

    def whisper(self, visitor, text):
        """Nobody waits for what the visitor does."""
        visitor.hear(text)

    def motto_of(self, visitor):
        return visitor.motto

    def provoke(self, visitor, text):
        """What the visitor raises goes on to the caller."""
        visitor.fail(text)

    def divide_at(self, desk, a, b):
        """Passes on what the desk says, errors included."""
        return desk.divide(a, b)

    def order_at(self, desk, name, count):
        return desk.order(name, count)


@expose
class Till:
    """A type with methods of its own."""

    def deposit(self, balance, amount=1):
        return balance + amount

    def count(self, coins):
        """What coins are worth together: how many there are of each."""
        return sum(int(value) * number for value, number in coins.items())

    @property
    def currency(self):
        return "EUR"

    def _audit(self):
        return "out of reach"


class Moody:
    """Is not there at the first try."""

    tries = 0

    @classmethod
    def create(cls):
        Moody.tries += 1
        if Moody.tries % 2:
            raise ValueError("not now")
        return cls()

    @expose
    def mood(self):
        return "well"


@behavior(instance_mode="session", instance_creator=lambda kind: kind.create())
class MoodySession(Moody):
    """One for each connection."""


@behavior(instance_mode="session")
class Guest:
    """One for each connection, which says when it goes."""

    gone = Tally()

    @expose
    def come(self):
        return "here"

    def __del__(self):
        self.gone.add("gone")


@expose
class Departures:
    """When guests go."""

    def gone(self, count):
        """How many guests have gone, once there are `count` of them."""
        return len(Guest.gone.wait(count))


def all_typed():
    """Everything with declared types, by name."""
    return {
        "desk": Desk(),
        "wares": Wares(),
        "tape": Tape(),
        "lobby": Lobby(),
        "till": Till(),
        "moody": MoodySession,
        "guest": Guest,
        "departures": Departures(),
    }

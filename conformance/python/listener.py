"""The object that a genuine caller hands over to be called back, on a genuine daemon of its own.

The daemon starts with the first use and runs in a thread that ends with the process.
"""

import threading

from dialect import Daemon, callback, expose, oneway
from things import Tally


@expose
class Listener:
    """Hears, answers, and fails."""

    def __init__(self):
        self._heard = Tally()
        self._motto = "all ears"

    def answer(self, value):
        self._heard.add(value)
        return value

    @oneway
    def hear(self, value):
        self._heard.add(value)

    def fail(self, text):
        raise ValueError(text)

    @callback
    def fail_on_both_sides(self, text):
        raise ValueError(text)

    def call(self, proxy, method, *args):
        """Calls back the one who calls back."""
        return getattr(proxy, method)(*args)

    @property
    def motto(self):
        return self._motto

    def heard(self, count):
        """Everything heard, once there is so much of it."""
        return self._heard.wait(count)


class Listening:
    """A listener and its daemon."""

    def __init__(self):
        self._listener = None

    def listener(self):
        """The listener, registered: travels as a proxy."""
        if self._listener is None:
            listener = Listener()
            daemon = Daemon(host="127.0.0.1")
            daemon.register(listener, "listener")
            threading.Thread(target=daemon.requestLoop, daemon=True).start()
            self._listener = listener
        return self._listener

    def uri(self):
        listener = self.listener()
        return listener._pyroDaemon.uriFor(listener)

"""A genuine Pyro daemon with an object for each feature: the other side of the suite's Rust callers.

Prints one line `{"ready": {NAME: URI, ...}}` and serves until its standard input closes.
"""

import argparse
import os

import dialect
import lifetime
import things
import typed
from dialect import Daemon, locate_ns


class HandshakingDaemon(Daemon):
    """Answers or refuses a handshake as the caller asks for, and tells when callers leave.

    A handshake of `{"refuse": text}` is refused with that text, `{"answer": value}` is answered with the
    value, anything else in the usual way.
    """

    def __init__(self, *args, **kwargs):
        self.gone = things.Tally()
        super().__init__(*args, **kwargs)

    def validateHandshake(self, conn, data):
        if isinstance(data, dict) and "refuse" in data:
            raise ValueError(data["refuse"])
        if isinstance(data, dict) and "answer" in data:
            return data["answer"]
        return super().validateHandshake(conn, data)

    def annotations(self):
        return dict(super().annotations(), DMON=b"conformance")

    def clientDisconnect(self, conn):
        self.gone.add("gone")


@dialect.expose
class Doorkeeper:
    """What the daemon knows."""

    def __init__(self, daemon):
        self._daemon = daemon

    def gone(self, count):
        """How many callers have left, once there are `count` of them."""
        return len(self._daemon.gone.wait(count))

    def vanish(self):
        """Ends the whole program in the middle of the call."""
        os._exit(0)

    def offer(self, name):
        """Registers an object under this id; answers its address."""
        return str(self._daemon.register(things.Child(name), name))

    def withdraw(self, name):
        """Takes it back."""
        self._daemon.unregister(name)


def abstract(path):
    """The path of a Unix socket; what begins with @ is a name without a file."""
    return "\0" + path[1:] if path and path.startswith("@") else path


def main():
    parser = argparse.ArgumentParser(description=__doc__, parents=[dialect.parser])
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="a free one unless told")
    parser.add_argument("--unix", help="path of a Unix socket to listen on instead; a leading @ is an abstract name")
    parser.add_argument("--hmac", help="key of signed messages (Pyro4)")
    parser.add_argument("--nat", type=int, help="a port to tell in URIs, on localhost, instead of the real one")
    parser.add_argument("--ns", help="HOST:PORT of a name server to register everything in, as conformance.NAME")
    options = parser.parse_args()

    nat = {"nathost": "localhost", "natport": options.nat} if options.nat is not None else {}
    daemon = HandshakingDaemon(host=options.host, port=options.port, unixsocket=abstract(options.unix), **nat)
    if options.hmac:
        daemon._pyroHmacKey = options.hmac.encode()

    everything = {**things.all_things(), **typed.all_typed()}
    uris = {name: daemon.register(thing, name) for name, thing in everything.items()}
    uris["doorkeeper"] = daemon.register(Doorkeeper(daemon), "doorkeeper")
    uris["daemon"] = "PYRO:Pyro.Daemon@%s" % (daemon.natLocationStr or daemon.locationStr)
    if options.ns:
        host, _, port = options.ns.rpartition(":")
        with locate_ns(host, int(port)) as ns:
            for name, uri in uris.items():
                ns.register("conformance." + name, uri)
    lifetime.say({"ready": {name: str(uri) for name, uri in uris.items()}})
    lifetime.serve_until_stdin_closes(daemon)


if __name__ == "__main__":
    main()

"""One link of a chain of servers that pass a message around, on the genuine Pyro4 or Pyro5.

Each link knows the name of the next one. A message that comes back to where it has been stops there.

    python chain.py --pyro 4 --ns HOST:PORT NAME NEXT_NAME

serves the link NAME; in the name server it is `example.chain.NAME`.
"""

import argparse
import sys
import threading

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--pyro", type=int, choices=(4, 5), default=5)
parser.add_argument("--ns", default="localhost:9090", help="the name server")
parser.add_argument("name")
parser.add_argument("next")
options = parser.parse_args()
ns_host, ns_port = options.ns.rsplit(":", 1)

if options.pyro == 4:
    import Pyro4 as api
    from Pyro4 import locateNS as locate_ns
else:
    import Pyro5.api as api
    from Pyro5.api import locate_ns


@api.expose
class Link:
    def __init__(self, name, next_name):
        self._name = name
        self._next = next_name

    def process(self, message):
        """Adds this link's name to the list that goes around; returns the way that it went."""
        if self._name in message:
            return ["back at " + self._name]
        with api.Proxy("PYRONAME:example.chain.%s@%s" % (self._next, options.ns)) as next_link:
            return ["%s (Pyro%d)" % (self._name, options.pyro)] + next_link.process(message + [self._name])


daemon = api.Daemon(host="127.0.0.1")
uri = daemon.register(Link(options.name, options.next))
with locate_ns(ns_host, int(ns_port)) as ns:
    ns.register("example.chain." + options.name, uri)
print("serving example.chain.%s at %s" % (options.name, uri), flush=True)
# Ends when standard input does.
threading.Thread(target=lambda: (sys.stdin.read(), daemon.shutdown()), daemon=True).start()
daemon.requestLoop()

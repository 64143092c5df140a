"""A greeting object, and a caller of it, on the genuine Pyro4 or Pyro5.

    python greeting.py --pyro 5 --ns HOST:PORT serve [NAME]
    python greeting.py --pyro 5 --ns HOST:PORT call [NAME] [WHO]
"""

import argparse
import sys
import threading

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--pyro", type=int, choices=(4, 5), default=5)
parser.add_argument("--ns", default="localhost:9090", help="the name server")
parser.add_argument("mode", choices=("serve", "call"))
parser.add_argument("name", nargs="?", default="example.greeting")
parser.add_argument("who", nargs="?", default="world")
options = parser.parse_args()
ns_host, ns_port = options.ns.rsplit(":", 1)

if options.pyro == 4:
    import Pyro4 as api
    from Pyro4 import locateNS as locate_ns
else:
    import Pyro5.api as api
    from Pyro5.api import locate_ns


@api.expose
class Greeting:
    def welcomeMessage(self, name):
        return "Hi, %s! Pyro%d here." % (name, options.pyro)


if options.mode == "serve":
    daemon = api.Daemon(host="127.0.0.1")
    uri = daemon.register(Greeting())
    with locate_ns(ns_host, int(ns_port)) as ns:
        ns.register(options.name, uri)
    print("serving %s at %s" % (options.name, uri), flush=True)
    # Ends when standard input does.
    threading.Thread(target=lambda: (sys.stdin.read(), daemon.shutdown()), daemon=True).start()
    daemon.requestLoop()
else:
    with api.Proxy("PYRONAME:%s@%s" % (options.name, options.ns)) as greeting:
        print(greeting.welcomeMessage(options.who))

"""A worker that reports its progress to an object of its caller, on the genuine Pyro4 or Pyro5.

    python callback.py --pyro 5 --ns HOST:PORT serve [NAME]
    python callback.py --pyro 5 --ns HOST:PORT call [NAME]

The caller hands over an object of its own. It has a daemon for it, and the worker gets a proxy.
"""

import argparse
import sys
import threading

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--pyro", type=int, choices=(4, 5), default=5)
parser.add_argument("--ns", default="localhost:9090", help="the name server")
parser.add_argument("mode", choices=("serve", "call"))
parser.add_argument("name", nargs="?", default="example.worker")
options = parser.parse_args()
ns_host, ns_port = options.ns.rsplit(":", 1)

if options.pyro == 4:
    import Pyro4 as api
    from Pyro4 import locateNS as locate_ns
else:
    import Pyro5.api as api
    from Pyro5.api import locate_ns


@api.expose
class Worker:
    def work(self, steps, observer):
        """Calls `observer.progress(step, steps)` at each step; returns the sum of the steps."""
        for step in range(1, steps + 1):
            observer.progress(step, steps)
        return sum(range(1, steps + 1))


@api.expose
class Observer:
    def progress(self, step, steps):
        print("step %d of %d" % (step, steps), flush=True)


daemon = api.Daemon(host="127.0.0.1")
if options.mode == "serve":
    uri = daemon.register(Worker())
    with locate_ns(ns_host, int(ns_port)) as ns:
        ns.register(options.name, uri)
    print("serving %s at %s" % (options.name, uri), flush=True)
    # Ends when standard input does.
    threading.Thread(target=lambda: (sys.stdin.read(), daemon.shutdown()), daemon=True).start()
    daemon.requestLoop()
else:
    observer = Observer()
    daemon.register(observer)
    threading.Thread(target=daemon.requestLoop, daemon=True).start()
    with api.Proxy("PYRONAME:%s@%s" % (options.name, options.ns)) as worker:
        print("the worker's result: %s" % worker.work(3, observer))

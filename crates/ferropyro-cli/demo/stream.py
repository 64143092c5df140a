"""Reads an item stream: the generator that it iterates over runs in another process.

    python stream.py --pyro 5 --ns HOST:PORT [NAME]
"""

import argparse

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--pyro", type=int, choices=(4, 5), default=5)
parser.add_argument("--ns", default="localhost:9090", help="the name server")
parser.add_argument("name", nargs="?", default="example.greeting")
options = parser.parse_args()

if options.pyro == 4:
    import Pyro4 as api
else:
    import Pyro5.api as api

with api.Proxy("PYRONAME:%s@%s" % (options.name, options.ns)) as greeting:
    print(", ".join(str(number) for number in greeting.countdown(3)))

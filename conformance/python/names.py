"""A genuine name server on a free port.

Prints one line `{"ready": {"ns": URI, "broadcast": [HOST, PORT] or null}}` and serves until its standard
input closes. With `--broadcast HOST` it answers discovery there, too, on a free port.
"""

import argparse
import threading

import dialect
import lifetime
from dialect import start_ns

if dialect.VERSION == 4:
    from Pyro4.naming import BroadcastServer
else:
    from Pyro5.nameserver import BroadcastServer


def main():
    parser = argparse.ArgumentParser(description=__doc__, parents=[dialect.parser])
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--unix", help="path of a Unix socket to listen on instead")
    parser.add_argument("--storage", help="memory (the default) or sql:FILE")
    parser.add_argument("--broadcast", metavar="HOST", help="answer discovery on this address")
    options = parser.parse_args()

    uri, daemon, _ = start_ns(host=options.host, port=0, unixsocket=options.unix, storage=options.storage,
                              enableBroadcast=False)
    place = None
    if options.broadcast:
        responder = BroadcastServer(uri, options.broadcast, 0)
        place = responder.sock.getsockname()[:2]
        threading.Thread(target=answer, args=(responder,), daemon=True).start()
    lifetime.say({"ready": {"ns": str(uri), "broadcast": place}})
    lifetime.serve_until_stdin_closes(daemon)


def answer(responder):
    while True:
        responder.processRequest()


if __name__ == "__main__":
    main()

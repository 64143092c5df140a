"""How a script ends: with its standard input, so that nothing is left behind when the suite dies."""

import json
import sys
import threading


def say(answer):
    """Writes one line of JSON."""
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


def serve_until_stdin_closes(daemon):
    """Runs the daemon's loop until whoever started us closes our standard input."""
    threading.Thread(target=_wait, args=(daemon,), daemon=True).start()
    daemon.requestLoop()


def _wait(daemon):
    for _ in sys.stdin:
        pass
    daemon.shutdown()

"""What the name server's bridge adds to a small call, with genuine Pyro4 and Pyro5 programs at both ends.

Run it with a Python that has Pyro4 and Pyro5 installed (`cargo xtask venv` makes one and prints its path):

    cargo build --release -p ferropyro-cli
    cargo build --release -p ferropyro-bridge --example call_cost
    $(cargo xtask venv) bench/bridge_cost.py target/release

All ways are measured in turns, since the speed of shared machines drifts; what is printed are medians of rounds.
"""

import os
import statistics
import subprocess
import sys
import time

import Pyro4
import Pyro5.api

ROUNDS = 15
CALLS = 200

SERVER = """
import sys
import {module} as pyro

@pyro.expose
class Echo:
    def echo(self, message):
        return message

daemon = pyro.Daemon(host="127.0.0.1", port=0)
uri = daemon.register(Echo(), "echo")
host, _, port = sys.argv[1].rpartition(":")
with pyro.{locate}(host, int(port)) as names:
    names.register("echo.{name}", uri)
print("echo uri:", uri, flush=True)
daemon.requestLoop()
"""


def start(command, sign):
    """Starts a program; gives the process and what it prints behind the sign."""
    program = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    for line in program.stdout:
        if line.startswith(sign):
            return program, line[len(sign):].strip()
    raise SystemExit(f"{command[0]} printed no {sign}")


def microseconds(proxy):
    """What one small call takes."""
    begin = time.perf_counter()
    for _ in range(CALLS):
        proxy.echo("hello")
    return (time.perf_counter() - begin) / CALLS * 1e6


def main():
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    ferropyro = os.path.join(sys.argv[1], "ferropyro")
    call_cost = os.path.join(sys.argv[1], "examples", "call_cost")
    programs = []
    try:
        names, uri = start([ferropyro, "ns", "--bridge", "-n", "127.0.0.1", "-p", "0"], "URI = ")
        programs.append(names)
        place = uri.split("@")[1]
        for module, locate, name in (("Pyro4", "locateNS", "pyro4"), ("Pyro5.api", "locate_ns", "pyro5")):
            script = SERVER.format(module=module, locate=locate, name=name)
            programs.append(start([sys.executable, "-c", script, place], "echo uri:")[0])
        ours, ours_uri = start([ferropyro, "echoserver", "-H", "127.0.0.1"], "echo uri:")
        programs.append(ours)

        ways = {
            f"Pyro{caller} -> {'bridge -> ' if caller != server else ''}Pyro{server}":
                module.Proxy(f"PYRONAME:echo.pyro{server}@{place}")
            for caller, module in ((4, Pyro4), (5, Pyro5.api)) for server in (4, 5)
        }
        times = {way: [] for way in ways}
        for _ in range(ROUNDS):
            for way, proxy in ways.items():
                times[way].append(microseconds(proxy))
        medians = {way: statistics.median(rounds) for way, rounds in times.items()}
        for way, median in medians.items():
            print(f"{way:<28} {median:>7.0f} us")
        for caller, server in ((4, 5), (5, 4)):
            # A call through the bridge has a caller of one kind and a server of the other, which differ in speed.
            alone = (medians["Pyro4 -> Pyro4"] + medians["Pyro5 -> Pyro5"]) / 2
            added = medians[f"Pyro{caller} -> bridge -> Pyro{server}"] - alone
            print(f"added, Pyro{caller} to Pyro{server}: {added:.0f} us")

        bridged = "PYRO:bridge/" + ours_uri.split("PYRO:")[1].replace("@", "%40") + "@" + place
        direct, through = map(float, subprocess.check_output([call_cost, ours_uri, bridged], text=True).split())
        print(f"Rust -> Rust {direct:.0f} us, Rust -> bridge -> Rust {through:.0f} us, added {through - direct:.0f} us")
    finally:
        for program in programs:
            program.terminate()
            program.wait()


if __name__ == "__main__":
    main()

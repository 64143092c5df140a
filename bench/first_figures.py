"""First figures: genuine Pyro5 clients against our echo server and against the genuine one.

Run it with a Python that has Pyro5 installed (`cargo xtask venv` makes one and prints its path):

    cargo build --release -p ferropyro-cli
    $(cargo xtask venv) bench/first_figures.py target/release/ferropyro

Each ratio is taken in one interleaved run, since the speed of shared machines drifts.
"""

import os
import statistics
import subprocess
import sys
import time

import serpent
from Pyro5.api import Proxy

GENUINE_SERVER = """
import Pyro5.api

@Pyro5.api.expose
class Echo:
    def echo(self, message):
        return message

daemon = Pyro5.api.Daemon(host="localhost", port=0)
print("echo uri:", daemon.register(Echo(), "test.echoserver"), flush=True)
daemon.requestLoop()
"""


def start(command):
    """Starts a server; gives the process and the URI that it prints."""
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    for line in server.stdout:
        if line.startswith("echo uri:"):
            return server, line.split(":", 1)[1].strip()
    raise SystemExit(f"{command[0]} printed no URI")


def resident_mib(pid):
    """Resident memory of a process, in MiB."""
    with open(f"/proc/{pid}/statm") as statm:
        return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


def calls_per_second(proxy, argument, seconds=1.0):
    """How many echo calls one client makes in a second, one at a time."""
    end = time.perf_counter() + seconds
    count = 0
    start_time = time.perf_counter()
    while time.perf_counter() < end:
        proxy.echo(argument)
        count += 1
    return count / (time.perf_counter() - start_time)


def connects_per_second(uri, seconds=1.0):
    """How many times a client connects, calls once and closes in a second."""
    end = time.perf_counter() + seconds
    count = 0
    start_time = time.perf_counter()
    while time.perf_counter() < end:
        with Proxy(uri) as proxy:
            proxy.echo(1)
        count += 1
    return count / (time.perf_counter() - start_time)


def compare(name, measure, ours, genuine, rounds=5):
    """Prints the medians and the ratio of two interleaved series."""
    figures = [(measure(ours), measure(genuine)) for _ in range(rounds)]
    our_median = statistics.median(ours for ours, _ in figures)
    genuine_median = statistics.median(genuine for _, genuine in figures)
    ratio = statistics.median(ours / genuine for ours, genuine in figures)
    print(f"{name:<34} {our_median:>10,.0f} /s  genuine {genuine_median:>10,.0f} /s  ratio {ratio:.2f}")


def measure_connections(server, uri, count=500):
    """Holds many proxies open at once, calls each, and prints what they cost the server."""
    before = resident_mib(server.pid)
    proxies = []
    for _ in range(count):
        proxy = Proxy(uri)
        proxy._pyroBind()
        proxies.append(proxy)
    assert all(proxy.echo(number) == number for number, proxy in enumerate(proxies))
    after = resident_mib(server.pid)
    print(f"{count} proxies open and used: {before:.1f} MiB -> {after:.1f} MiB "
          f"(+{after - before:.1f} MiB, {(after - before) * 1024 / count:.1f} KiB each)")
    for proxy in proxies:
        proxy._pyroRelease()


def records(count=1000):
    """The 1000 records of the benchmarks."""
    return [{"id": n, "name": f"record number {n}", "score": n * 1.25 + 0.1, "tags": ["red", "green", f"tag{n}"]}
            for n in range(count)]


def measure_serpent(rounds=7):
    """Prints what the genuine serpent module does on the records."""
    data = records()
    text = serpent.dumps(data)
    size = len(text) / 1e6

    def best(work):
        times = []
        for _ in range(rounds):
            start_time = time.perf_counter()
            work()
            times.append(time.perf_counter() - start_time)
        return statistics.median(times)

    print(f"serpent module, {len(text):,} bytes: encode {size / best(lambda: serpent.dumps(data)):.1f} MB/s, "
          f"decode {size / best(lambda: serpent.loads(text)):.1f} MB/s")


def main():
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    our_server, our_uri = start([sys.argv[1], "echoserver"])
    genuine_server, genuine_uri = start([sys.executable, "-c", GENUINE_SERVER])
    try:
        measure_connections(our_server, our_uri)
        with Proxy(our_uri) as ours, Proxy(genuine_uri) as genuine:
            compare("echo 'hello'", lambda proxy: calls_per_second(proxy, "hello"), ours, genuine)
            compare("echo 1000 records", lambda proxy: calls_per_second(proxy, records()), ours, genuine)
        compare("connect, call, close", connects_per_second, our_uri, genuine_uri)
        measure_serpent()
    finally:
        for server in (our_server, genuine_server):
            server.terminate()
            server.wait()


if __name__ == "__main__":
    main()

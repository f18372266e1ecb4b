"""`make bench`, or `python -m bench fanout votes`: each measurement beside its peers, in one run."""

import resource
import sys
from collections.abc import Awaitable, Callable

import uvloop

from bench import chart, counts, fanout, hosts, idle, latency, pages, reconnect, screen, slow, votes
from bench.process import pin_load
from bench.results import FILE, Result, bars, known, machine, show, write

ALL: dict[str, Callable[[], Awaitable[list[Result]]]] = {
    "fanout": fanout.run,
    "votes": votes.run,
    "idle": idle.run,
    "latency": latency.run,
    "reconnect": reconnect.run,
    "slow": slow.run,
    "screen": screen.run,
    "pages": pages.run,
    "hosts": hosts.run,
    "counts": counts.run,
}


def main(names: list[str]) -> None:
    if unknown := set(names) - ALL.keys():
        sys.exit(f"There is no measurement {', '.join(sorted(unknown))}; there are {', '.join(ALL)}.")
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    pin_load()
    print(machine(), flush=True)
    results: list[Result] = []
    for name in names or ALL:
        print(f"{name}…", flush=True)
        found = uvloop.run(ALL[name]())
        if found:  # Where a program is missing, nothing was.
            write(name, found)
        results += found
    chart.FILE.write_text(chart.draw(known(), machine()))
    print(f"\n{show(results)}\n\n{bars(results)}\n\nAlso in {FILE}, and as a picture in {chart.FILE}.")


main(sys.argv[1:])

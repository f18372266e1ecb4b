"""Pages: a board beside a Flask "hello" on the same server, and a campaign of 150,000 ideas beside one of 1,000.

Who is nobody may get a page that was made for others of the same second: so the lists are asked for by somebody who is signed in, for whom
each is made.
"""

import asyncio
import statistics
import tempfile
import time
from pathlib import Path

from bench.process import ensemble, peer, serving
from bench.results import Result
from bench.seeding import CAMPAIGN, seeded, signed_in, spread_votes

READERS, SECONDS, IDEAS = 20, 5.0, 50
SHARE = 0.5  # Of the requests that a "hello" answers in the same time.
SMALL, LARGE = 1000, 150_000
VOTES, PEOPLE = 2_000_000, 40_000  # With the large one; with the small one, as many for each idea.
TIMES, MEDIAN = 30, 50  # Each page is asked for so often; milliseconds in the server.
BOARD = f"/campaigns/{CAMPAIGN}"
LISTS = {
    "first page": BOARD,
    "most supported": f"{BOARD}?order=supported",
    "trending": f"{BOARD}?order=trending",
    "most discussed": f"{BOARD}?order=discussed",
    "newest": f"{BOARD}?order=new",
    "search for a word of one idea": f"{BOARD}?q=777",
    "search for a word of every idea": f"{BOARD}?q=board",
}


class Reader:
    """One connection that is kept, as a browser keeps it. Without a cookie it asks as nobody, and as somebody new each time."""

    def __init__(self, port: int, cookie: str = "") -> None:
        self._port, self._cookie = port, f"Cookie: {cookie}\r\n" if cookie else ""

    async def __aenter__(self) -> "Reader":
        self._answers, self._questions = await asyncio.open_connection("127.0.0.1", self._port, limit=2**22)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._questions.close()

    async def read(self, path: str) -> bytes:
        self._questions.write(
            f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{self._port}\r\nAccept: text/html\r\n{self._cookie}\r\n".encode()
        )
        head = (await self._answers.readuntil(b"\r\n\r\n")).lower()
        if b" 200 " not in head[:20]:
            raise AssertionError(head.decode())
        return await self._answers.readexactly(int(head.split(b"content-length: ")[1].split(b"\r\n")[0]))


async def run() -> list[Result]:
    with serving(peer("hello")) as server:
        hello = await requests_a_second(server.port, "/")
    with tempfile.TemporaryDirectory() as folder:
        seeded(Path(folder) / "instance", participants=0, ideas=IDEAS)
        cookie = signed_in(Path(folder) / "instance")
        with ensemble(Path(folder) / "instance") as server:
            board = await requests_a_second(server.port, BOARD)
            own = await requests_a_second(server.port, BOARD, cookie)
    small, large = await medians(SMALL), await medians(LARGE)
    ratio = board / hello
    whose = "a Flask “hello”"
    return [
        Result(
            f"a board of {IDEAS} ideas, anonymous",
            board,
            "pages/s",
            f"≥ {SHARE} × {whose}",
            ratio >= SHARE,
            whose,
            ratio,
        ),
        Result(f"a board of {IDEAS} ideas, signed in", own, "pages/s", "", None, whose, own / hello),
        *(of_many(name, large[name], small[name]) for name in LISTS),
    ]


def of_many(name: str, large: float, small: float) -> Result:
    whose = f"{SMALL:,} ideas"
    return Result(f"{LARGE:,} ideas: {name}", large, "ms", f"< {MEDIAN} ms", large < MEDIAN, whose, small / large)


async def requests_a_second(port: int, path: str, cookie: str = "") -> float:
    """How many pages so many readers get who each ask again when they have one."""
    await pages(port, path, cookie, 0.2 * SECONDS)  # Warm.
    begin = time.perf_counter()
    count = await pages(port, path, cookie, SECONDS)
    return count / (time.perf_counter() - begin)


async def pages(port: int, path: str, cookie: str, seconds: float) -> int:
    end = time.perf_counter() + seconds

    async def read() -> int:
        count = 0
        async with Reader(port, cookie) as reader:
            while time.perf_counter() < end:
                await reader.read(path)
                count += 1
        return count

    return sum(await asyncio.gather(*(read() for _ in range(READERS))))


async def medians(ideas: int) -> dict[str, float]:
    """Milliseconds of each list, one question at a time, so that nothing waits but for the server."""
    with tempfile.TemporaryDirectory() as folder:
        print(f"  seeding {ideas:,} ideas…", flush=True)
        seeded(Path(folder) / "instance", participants=0, ideas=ideas)
        spread_votes(Path(folder) / "instance", VOTES * ideas // LARGE, PEOPLE * ideas // LARGE)
        cookie = signed_in(Path(folder) / "instance")
        with ensemble(Path(folder) / "instance") as server:
            async with Reader(server.port, cookie) as reader:
                return {name: await median(reader, path) for name, path in LISTS.items()}


async def median(reader: Reader, path: str) -> float:
    await reader.read(path)  # Warm.
    times = []
    for _ in range(TIMES):
        begin = time.perf_counter()
        await reader.read(path)
        times.append(1000 * (time.perf_counter() - begin))
    return statistics.median(times)

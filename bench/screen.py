"""The screen of somebody who watches: 500 cards, ten changes a second, and every long task of the page's thread counted."""

import asyncio
import os
import random
import shutil
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import Browser, Page, async_playwright

from bench.load import close, connect
from bench.process import ensemble, unpinned
from bench.results import Result
from bench.seeding import CAMPAIGN, Seed, seeded

CARDS, VOTERS = 500, 200
CHANGES, EACH, SECONDS = 10, 5, 30  # Changes a second, and how many ideas each of them moves.
LONG = 50  # Milliseconds, beyond which a browser calls a task long.
ORDERS = {"shuffled": "cards stay", "supported": "cards move"}
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
ARGUMENTS += ["--disable-sync", "--no-first-run", "--disable-quic"]
TYPED = "a can that sings when it is cold"

# Frames are asked for all the time, as while something moves; the message comes when all that a frame had to do is done.
LOOK = """() => {
  const seen = window.seen = { long: [], keys: [], frames: 0, most: 0 }
  const note = (list) => (entries) => list.push(...entries.getEntries().map(({ duration }) => duration))
  new PerformanceObserver(note(seen.long)).observe({ type: "longtask" })
  new PerformanceObserver(note(seen.keys)).observe({ type: "event", durationThreshold: 16 })
  const { port1, port2 } = new MessageChannel()
  let begun = 0
  port1.onmessage = () => { seen.most = Math.max(seen.most, performance.now() - begun) }
  const frame = () => { begun = performance.now(); seen.frames++; port2.postMessage(0); requestAnimationFrame(frame) }
  requestAnimationFrame(frame)
}"""
TOTALS = """() => Object.fromEntries([...document.querySelectorAll(".board > .idea")].map((card) =>
  [card.id.slice("idea-".length), Number(card.querySelector(".idea__votes").textContent.replace(/[^0-9]/g, ""))]))"""


@dataclass
class Seen:
    """What one screen went through."""

    long: list[float]  # Milliseconds of each long task.
    most: float  # Milliseconds of the heaviest frame, from its first script to its last layout.
    frames: float  # A second.
    key: float  # Milliseconds from a key to the screen, the slowest.


async def run() -> list[Result]:
    chromium = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if chromium is None:
        print("  needs chromium: apt-get install chromium", flush=True)
        return []
    results = []
    with unpinned():  # A watcher's machine is not the server's, and has more than one core for a browser's processes.
        playwright = await async_playwright().start()
        browser = await playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
    for order, what in ORDERS.items():
        with tempfile.TemporaryDirectory() as folder:
            seed = seeded(Path(folder) / "instance", participants=VOTERS, ideas=CARDS)
            with ensemble(Path(folder) / "instance") as server:
                results += told(await measure(browser, server.port, order, seed), what)
    await browser.close()
    await playwright.stop()
    return results


async def measure(browser: Browser, port: int, order: str, seed: Seed) -> Seen:
    page = await whole_board(browser, f"http://127.0.0.1:{port}/campaigns/{CAMPAIGN}?order={order}")
    voters = await connect(port, VOTERS, seed.auths)
    search = page.get_by_role("searchbox")
    await search.focus()
    place = await page.evaluate("scrollY")
    await page.evaluate(LOOK)
    typing = asyncio.create_task(search.press_sequentially(TYPED, delay=900 * SECONDS / len(TYPED), timeout=0))
    totals, acts = dict.fromkeys(seed.ideas, 0), [(voter, idea) for voter in voters for idea in seed.ideas]
    # Some ideas are loved and others not, so that they overtake each other.
    random.shuffle(acts)
    acts.sort(key=lambda act: random.random() ** (1 + act[1] % 7), reverse=True)
    begin = time.perf_counter()
    for number in range(CHANGES * SECONDS):
        await asyncio.sleep(max(0, begin + number / CHANGES - time.perf_counter()))
        for voter, idea in acts[number * EACH : (number + 1) * EACH]:
            totals[idea] += 1
            voter.emit("vote.cast", {"idea": idea, "id": os.urandom(8).hex()})
    await typing
    seen = await page.evaluate("seen")
    frames = seen["frames"] / (time.perf_counter() - begin)
    await asyncio.sleep(1)
    if await page.evaluate(TOTALS) != {str(idea): total for idea, total in totals.items()}:
        raise AssertionError("the screen does not show what was voted")
    if await search.input_value() != TYPED or await page.evaluate("scrollY") != place:
        raise AssertionError("the page took something from who was typing")
    close(voters)
    await page.context.close()
    return Seen(seen["long"], seen["most"], frames, max(seen["keys"], default=0))


async def whole_board(browser: Browser, url: str) -> Page:
    """The board with every card on one page."""
    page = await browser.new_page()
    await page.goto(url)
    cards = page.locator(".board > .idea")
    while (count := await cards.count()) < CARDS:
        await page.locator('a[rel="next"]').click()
        await cards.nth(count).wait_for()
    await page.evaluate("scrollTo(0, 0)")
    await page.mouse.move(0, 0)
    return page


def told(seen: Seen, what: str) -> list[Result]:
    name = f"{CARDS} cards, {CHANGES} changes a second, {what}"
    return [
        Result(f"{name}: tasks over {LONG} ms", len(seen.long), "", "none", not seen.long),
        Result("the same: longest task", max(seen.long, default=0), "ms", "", None),
        Result("the same: heaviest frame", seen.most, "ms", "", None),
        Result("the same: frames", seen.frames, "a second", "", None),
        Result("the same: slowest key to screen", seen.key, "ms", "", None),
    ]

"""Time that passes for a page only when the test says so, and what the page asks of the server meanwhile."""

from datetime import UTC, datetime, timedelta

from playwright.sync_api import Page

START = datetime(2026, 6, 1, tzinfo=UTC)


def stop_time(page: Page) -> None:
    """From here on the page's timers go on by `page.clock.run_for` alone."""
    page.clock.install(time=START)
    page.clock.pause_at(START + timedelta(seconds=1))


def count_questions(page: Page) -> None:
    """Count what the page's scripts ask by fetch from here on, in the page itself, where none can be on its way unseen."""
    page.evaluate("""() => {
      const { fetch } = window
      window.questions = { asked: [], answered: 0 }
      window.fetch = (...question) => {
        questions.asked.push(String(question[0]))
        return fetch(...question).finally(() => questions.answered++)
      }
    }""")


def asked(page: Page) -> list[str]:
    """The addresses that were asked, once all of them have been answered."""
    page.wait_for_function("() => questions.answered === questions.asked.length")
    addresses: list[str] = page.evaluate("questions.asked")
    return addresses

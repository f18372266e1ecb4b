"""News: what changed on a board, in totals and ids only, so that hearing it twice does no harm."""

from typing import Any

# What an action may announce, and how two announcements become one.
#   votes   {idea id: total}     the later total wins
#   ideas   [idea id]            added or changed: shown afresh
#   gone    [idea id]            no longer on the board
#   kinds   [text]               what else happened, such as "campaign.closed"
News = dict[str, Any]

CARDS = 50  # Ideas that are told one by one; more at once than that, and people ask for the board itself.


def merge(*told: News) -> News:
    """Announcements, in their order, as one; of two totals, the later. As long as all of them together, and no longer."""
    votes: dict[str, int] = {}
    ideas: dict[int, None] = {}  # Sets that keep their order.
    gone: dict[int, None] = {}
    kinds: dict[str, None] = {}
    for news in told:
        votes |= news.get("votes", {})
        for idea in news.get("ideas", ()):
            ideas[idea] = None
            gone.pop(idea, None)
        for idea in news.get("gone", ()):
            gone[idea] = None
            ideas.pop(idea, None)
        kinds |= dict.fromkeys(news.get("kinds", ()))
    merged: News = {"votes": votes, "ideas": list(ideas), "gone": list(gone), "kinds": list(kinds)}
    return {name: value for name, value in merged.items() if value}

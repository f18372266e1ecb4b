"""News: what changed on a board, in totals and ids only, so that hearing it twice does no harm."""

from typing import Any

# What an action may announce, and how two announcements become one.
#   votes   {idea id: total}     the later total wins
#   ideas   [idea id]            added or changed: shown afresh
#   gone    [idea id]            no longer on the board
#   kinds   [text]               what else happened, such as "campaign.closed"
News = dict[str, Any]


def merge(earlier: News, later: News) -> News:
    """Both announcements as one; of two totals, the later."""
    ideas = [*earlier.get("ideas", []), *later.get("ideas", [])]
    gone = [*earlier.get("gone", []), *later.get("gone", [])]
    back = set(later.get("ideas", []))
    left = set(later.get("gone", []))
    merged = {
        "votes": {**earlier.get("votes", {}), **later.get("votes", {})},
        "ideas": [idea for idea in dict.fromkeys(ideas) if idea not in left],
        "gone": [idea for idea in dict.fromkeys(gone) if idea not in back],
        "kinds": list(dict.fromkeys([*earlier.get("kinds", []), *later.get("kinds", [])])),
    }
    return {name: value for name, value in merged.items() if value}

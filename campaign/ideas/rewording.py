"""What an edit changes for those who support an idea: a vote is for the words that stood there when it was given.

An edit of the title or of the text asks supporters again, and so does another picture, document or public answer: in many campaigns
these are what people vote for. One of commas, capitals or Markdown's marks does not, nor one of tags, category, or the words that
describe a picture. The idea keeps which version was the last to say something else, and how many votes are from before.
"""

import re
import unicodedata
from typing import Any

from campaign.extensions import db
from campaign.ideas.models import Idea, Rewording
from campaign.ideas.replies import public_answers
from campaign.jobs import wake

# A word or a number; a minus before a number; any sign that can change what a sentence says: 5 € is not 5 %.
_SAYING = re.compile(r"[^\W_]+|(?<![\w-])[-−](?=\d)|[%‰@&/]|[^\w\s]")
_MARKS = {"Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "Sk"}  # Unicode's categories of what only sets words apart.
_MEANT = set("%‰@&/-−")


def wording(*texts: str) -> list[list[str]]:
    """What texts say, without how it is set: two that differ in case, spaces, quotation marks and the like have the same."""
    return [
        [
            sign
            for sign in _SAYING.findall(unicodedata.normalize("NFKC", text).casefold())
            if sign in _MEANT or (unicodedata.category(sign[0]) not in _MARKS and sign not in "`~")
        ]
        for text in texts
    ]


def meaning(idea: Idea) -> tuple[Any, ...]:
    """What somebody votes for who votes for this idea: what it says, shows and answers in public."""
    answers = [
        [one["value"] if isinstance(one["value"], list | dict) else wording(str(one["value"]))]
        for one in public_answers(idea)
    ]
    shown = {image.id for image in idea.images}, {document.id for document in idea.documents}
    return wording(idea.title, idea.text), shown, answers


def ask_supporters_again(idea: Idea) -> None:
    """Say of every vote that it is not confirmed yet: what the idea says since its present version is something else.

    The idea is locked by whoever edits it, so no vote comes between; and while people fill in ballots, so is the campaign. A ballot is
    for what the idea said when it was handed in: see methods/rereading.py.
    """
    stage = idea.campaign.stage
    on_ballots = idea.campaign.accepts_ballots and stage is not None and stage.was_voted_in
    if idea.votes > idea.unconfirmed or on_ballots:
        db.session.add(Rewording(idea_id=idea.id, version=idea.version, since=idea.worded))
        wake("votes.ask_again")
    idea.worded, idea.unconfirmed = idea.version, idea.votes

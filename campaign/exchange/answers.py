"""What authors answered to a campaign's questions, for a file. Private answers only where that is asked for."""

from collections.abc import Iterable
from typing import Any

from campaign.campaigns.models import Campaign
from campaign.campaigns.questions import Question, Reply, first_words, questions_of
from campaign.clock import now
from campaign.extensions import db
from campaign.ideas.models import Idea
from campaign.ideas.replies import read_reply, url_of


class Answers:
    """The answers of a campaign, read for some hundred ideas at a time."""

    def __init__(self, campaign: Campaign, with_private: bool) -> None:
        over = campaign.private_until is not None and campaign.private_until <= now()
        self._with_private = with_private and not over
        questions = questions_of(campaign)
        told = {question.id for question in questions if not question.private}
        if hidden := [question.id for question in questions if question.private]:  # Some were asked in the open before.
            there = db.select(Reply.question_id).where(Reply.question_id.in_(hidden), Reply.value.is_not(None))
            told |= set(db.session.scalars(there.distinct()))
        self.questions = [question for question in questions if self._with_private or question.id in told]

    @property
    def columns(self) -> list[str]:
        """A column for each question, named so that no two are the same."""
        return [f"answer {question.id}: {first_words(question.names)}" for question in self.questions]

    def of(self, ideas: Iterable[Idea]) -> dict[int, list[Reply]]:
        """The replies of these ideas that may be told. One query."""
        if not self.questions:
            return {}
        found: dict[int, list[Reply]] = {}
        rows = (
            db.select(Reply)
            .join(Question, Question.id == Reply.question_id)
            .where(Reply.idea_id.in_([idea.id for idea in ideas]))
            .order_by(Question.position, Question.id)
        )
        for reply in db.session.scalars(rows):
            if self._with_private or not reply.private:
                found.setdefault(reply.idea_id, []).append(reply)
        return found

    def for_programs(self, replies: list[Reply]) -> dict[str, Any]:
        """What the JSON says of an idea: nothing where nothing is asked."""
        if not self.questions:
            return {}
        return {
            "answers": [
                {
                    "question": reply.question_id,
                    "asked": first_words(reply.asked["names"]),
                    "private": reply.private,
                    "answer": _value(reply),
                }
                for reply in replies
            ]
        }

    def for_spreadsheets(self, replies: list[Reply]) -> list[Any]:
        """The cells of an idea's line."""
        given = {reply.question_id: _value(reply) for reply in replies}
        return [given.get(question.id) for question in self.questions]


def _value(reply: Reply) -> Any:
    """A text, a number, the words of what was chosen, or a document's address; None where the key isn't there that it was encrypted with."""
    value = read_reply(reply)
    if isinstance(value, dict):
        return url_of(reply)
    return [first_words(names) for names in value] if isinstance(value, list) else value

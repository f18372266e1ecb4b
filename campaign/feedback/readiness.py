"""What a stage that asks for feedback lacks before anybody can give any: something to give it on."""

from collections.abc import Iterator

from flask_babel import gettext as _

from campaign.campaigns.models import Stage
from campaign.campaigns.readiness import Lack, find_lacks_with
from campaign.extensions import db
from campaign.ideas.models import Idea
from campaign.ideas.totals import on_board


def missing_ideas(stage: Stage) -> Iterator[Lack]:
    """One query, and none for a stage that asks for no feedback, or takes ideas itself."""
    if not stage.accepts_feedback or stage.accepts_ideas:
        return
    if db.session.scalar(db.select(Idea.id).where(*on_board(stage.campaign)).limit(1)) is None:
        yield Lack("", _("There is nothing on the board to give feedback on."), "")


find_lacks_with(missing_ideas)

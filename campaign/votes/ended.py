"""Votes that are over. Who has won is known by then: what was voted on stays in the result, and what was voted stays on its ballot."""

from datetime import datetime

from flask_babel import gettext as _

from campaign.campaigns.models import Campaign, Stage
from campaign.campaigns.sealing import seal_on
from campaign.errors import Refused
from campaign.ideas.actions import put_back_unless, stay_where
from campaign.ideas.models import Idea


class StoodInVote(Refused):
    """People voted in this stage while the idea stood there, and that vote is over."""

    code = "stood_in_vote"

    def __init__(self, stage: Stage) -> None:
        super().__init__(
            _(
                "People voted in “%(stage)s” while this idea stood there. That vote is over, so the idea stays in its result and can’t be taken back any more.",
                stage=stage.name,
            )
        )


class MissedVote(Refused):
    """The same of an idea that was off the board in the meantime."""

    code = "missed_vote"

    def __init__(self, stage: Stage) -> None:
        super().__init__(
            _(
                "This idea was taken back while people voted in “%(stage)s”. That vote is over, and its result stays as it is, so the idea stays off the board.",
                stage=stage.name,
            )
        )


def ended_ballots(campaign: Campaign) -> list[Stage]:
    """The stages in which people handed in ballots, and hand in none any more."""
    return [stage for stage in campaign.stages if stage.method != "approval" and stage.was_voted_in and stage.is_over]


def ended_support(campaign: Campaign) -> Stage | None:
    """The last stage in which people supported single ideas, if they do so in none any more. Support goes from stage to stage."""
    theirs = [stage for stage in campaign.stages if stage.method == "approval"]
    given = [stage for stage in theirs if stage.was_voted_in]
    goes_on = any(not stage.is_over for stage in theirs if stage.accepts_votes or stage.was_voted_in)
    return given[-1] if given and not goes_on else None


def stood_in(idea: Idea) -> Stage | None:
    """A stage in whose result the idea stands for good. While counts are sealed, it is not asked how many votes the idea has."""
    campaign = idea.campaign
    for stage in ended_ballots(campaign):
        if idea.submitted_at < _end(stage):
            return stage
    last = ended_support(campaign)
    if last is None or idea.submitted_at >= _end(last):
        return None
    return last if idea.votes or seal_on(campaign) != "always" else None


def check_result_stays(idea: Idea) -> None:
    """Raise StoodInVote where taking the idea off the board would change the result of a vote that is over."""
    if no := why_it_stays(idea):
        raise no


def why_it_stays(idea: Idea) -> Refused | None:
    stage = stood_in(idea)
    return StoodInVote(stage) if stage else None


def _why_it_stays_away(idea: Idea) -> Refused | None:
    gone = idea.withdrawal
    for stage in ended_ballots(idea.campaign):
        if gone is not None and stage.opens_at <= gone.at and idea.submitted_at < _end(stage):
            return MissedVote(stage)
    return None


def _end(stage: Stage) -> datetime:
    ends_at, closing = stage.ends_at, stage.campaign.closing
    ends = [at for at in (ends_at, closing.at if closing else None) if at is not None]
    assert ends, "it is over"
    return min(ends)


stay_where(why_it_stays)
put_back_unless(_why_it_stays_away)

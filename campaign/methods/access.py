"""What a person may know of ballots: their own, and the ideas that stand on it."""

from collections.abc import Collection

from campaign.brands.access import Asker
from campaign.campaigns.models import Campaign, Stage
from campaign.extensions import db
from campaign.ideas.filtering import Wish
from campaign.ideas.listing import ideas_by_id, list_ideas
from campaign.ideas.models import Idea
from campaign.methods.papers import ideas_in
from campaign.votes.ended import ended_ballots
from campaign.votes.models import ShownPair, StageBallot

PAGE = 60  # Ideas that a ballot shows at once, beside those that are on it already.


def ballot_of(person: Asker, stage: Stage) -> str | None:
    """What this person last handed in."""
    if not person.is_authenticated:
        return None
    own = db.select(StageBallot.content).filter_by(stage_id=stage.id, voter_id=person.id)
    return db.session.scalar(own)


def is_on_ballot(person: Asker, idea: Idea) -> bool:
    """Whether a ballot that this person handed in, in a stage that is not over, says something of the idea. One question."""
    if not person.is_authenticated:
        return False
    over = [stage.id for stage in ended_ballots(idea.campaign)]
    mine = db.select(Stage.method, StageBallot.content).join(Stage, Stage.id == StageBallot.stage_id)
    mine = mine.where(Stage.campaign_id == idea.campaign_id, StageBallot.voter_id == person.id, Stage.id.not_in(over))
    return any(idea.id in ideas_in(method, content) for method, content in db.session.execute(mine))


def ideas_on_paper(
    campaign: Campaign, first: Collection[int], seed: int, query: str, cursor: str | None
) -> tuple[list[Idea], int, str | None]:
    """The ideas that a ballot shows, how many match in all, and where its next page begins.

    Those that are on it already come `first`, in their order; then the others in the voter's own.
    """
    chosen = {
        idea.id: idea
        for idea in ideas_by_id(campaign, list(first))
        if not idea.withdrawn and idea.campaign_id == campaign.id
    }
    page = list_ideas(campaign, Wish(order="shuffled", query=query, seed=seed), cursor, PAGE)
    others = [idea for idea in page.ideas if idea.id not in chosen]
    return [*(chosen[number] for number in first if number in chosen), *others], page.total, page.cursor


def stages_with_counts(campaign: Campaign) -> list[Stage]:
    """The stages whose votes can be counted, the latest first. Support goes from stage to stage, so it is counted once."""
    found: list[Stage] = []
    for stage in campaign.voted_on:
        if stage.method != "approval" or all(other.method != "approval" for other in found):
            found.append(stage)
    return found


def pair_of_ideas(campaign: Campaign, pair: ShownPair) -> list[Idea]:
    """The two ideas, in the order in which they are shown."""
    found = {idea.id: idea for idea in ideas_by_id(campaign, [pair.first_id, pair.second_id])}
    return [found[pair.first_id], found[pair.second_id]]

"""The board in figures: counted once for each of its numbers, and told as far as somebody may know them."""

from functools import partial

from campaign.answers.promise import Promise, promise
from campaign.campaigns.models import Campaign
from campaign.campaigns.sealing import seal_on
from campaign.clock import now
from campaign.ideas.listing import Keep, afresh
from campaign.ideas.totals import Figures, count_standing, count_votes
from campaign.live import Numbers
from campaign.live.counting import counted


def keeping(campaign: Campaign, numbers: Numbers) -> Keep:
    """Counts of this board that no vote moves: kept until anything else does. Drafts change without a number, so nothing of theirs is kept."""
    return afresh if campaign.is_draft else partial(counted, campaign.board, numbers.beyond_votes)


def figures_of(campaign: Campaign, numbers: Numbers) -> Figures:
    """How many ideas stand on it, and their votes and remarks in all. Only the votes are added up anew when somebody has voted."""
    standing = keeping(campaign, numbers)("standing", lambda: count_standing(campaign))
    # Behind a seal, votes take no number. When it breaks, they are another count; and so they are in the next stage, of which the
    # board may have no number yet.
    present = campaign.present
    which = ("votes", seal_on(campaign), present.id if present else None)
    votes = counted(campaign.board, numbers.seq, which, lambda: count_votes(campaign))
    return Figures(standing.ideas, votes, standing.comments, standing.newest)


def promise_kept(campaign: Campaign, keep: Keep) -> Promise | None:
    """The brand's promise, as of this hour: what is due depends on the time too."""
    found: Promise | None = keep(
        ("promise", now().replace(minute=0, second=0, microsecond=0)), lambda: promise(campaign)
    )
    return found


def told_figures(figures: Figures, shown: bool) -> dict[str, int]:
    """Its ideas, votes and remarks in all; without the votes while they are sealed."""
    told = {"ideas": figures.ideas, "votes": figures.votes, "comments": figures.comments}
    if not shown:
        del told["votes"]
    return told

"""The board in figures, as far as somebody may know them."""

from campaign.ideas.listing import Figures


def told_figures(figures: Figures, shown: bool) -> dict[str, int]:
    """Its ideas, votes and remarks in all; without the votes while they are sealed."""
    told = {"ideas": figures.ideas, "votes": figures.votes, "comments": figures.comments}
    if not shown:
        del told["votes"]
    return told

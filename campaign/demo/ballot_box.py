"""The demo's acts at the ballot box as rows: each act, the votes that stand, the totals, and the votes of each minute."""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, update

from campaign.campaigns.models import Campaign
from campaign.demo.voting import Act
from campaign.extensions import db
from campaign.ideas.models import Idea
from campaign.ideas.trending import weight_of
from campaign.votes.book import enter_book
from campaign.votes.marks import log_keys, micros
from campaign.votes.models import BallotEntry, Vote, VoteMinute


def put_in(campaign: Campaign, ideas: Collection[Idea], acts: Sequence[Act]) -> None:
    """Write what these acts, in the order of time, leave behind. The ideas have had no votes before."""
    keys = log_keys()
    rows: list[dict[str, Any]] = [
        {
            "campaign_id": campaign.id,
            "idea_id": act.idea_id,
            "voter_id": act.voter_id,
            "key": f"demo-{number:05}",
            "act": act.act,
            "at": act.at,
        }
        for number, act in enumerate(acts)
    ]
    for row in rows:
        by_whom = row["campaign_id"], row["idea_id"], row["voter_id"], row["key"], row["act"]
        row["mark"] = keys.mark(*by_whom, micros(row["at"]))
    enter_book()
    db.session.execute(insert(BallotEntry), rows)
    standing = {(act.idea_id, act.voter_id): act.at for act in acts if act.act == "cast"}
    for act in acts:
        if act.act == "withdraw":
            del standing[act.idea_id, act.voter_id]
    db.session.execute(
        insert(Vote),
        [{"idea_id": idea, "voter_id": voter, "cast_at": at} for (idea, voter), at in standing.items()],
    )
    minutes = Counter(int(act.at.timestamp() // 60) for act in acts if act.act == "cast")
    db.session.execute(
        insert(VoteMinute),
        [{"campaign_id": campaign.id, "minute": minute, "votes": votes} for minute, votes in minutes.items()],
    )
    moments: dict[int, list[datetime]] = {}
    for (idea_id, _voter), at in standing.items():
        moments.setdefault(idea_id, []).append(at)
    db.session.flush()
    for idea in ideas:
        cast = moments.get(idea.id, [])
        totals = {"votes": len(cast), "heat": weight_of([idea.submitted_at, *cast])}
        db.session.execute(update(Idea).where(Idea.id == idea.id).values(totals))
        db.session.expire(idea, ["votes", "heat"])

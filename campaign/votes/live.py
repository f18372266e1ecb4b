"""Votes by socket: what a live room needs by the thousand. The same action as the page's, the same sentences."""

from typing import Any

from flask_login import current_user

from campaign.errors import BadRequest, SignInFirst
from campaign.ideas.access import idea_for
from campaign.live.sockets import on
from campaign.votes.actions import cast_vote, withdraw_vote
from campaign.votes.ballot_box import Act, ballot_key, drop


@on("vote.cast")
def cast(data: dict[str, Any]) -> dict[str, Any]:
    return _vote(cast_vote, data)


@on("vote.withdraw")
def withdraw(data: dict[str, Any]) -> dict[str, Any]:
    return _vote(withdraw_vote, data)


def _vote(act: Act, data: dict[str, Any]) -> dict[str, Any]:
    if not current_user.is_authenticated:
        raise SignInFirst
    if type(data.get("idea")) is not int or set(data) != {"idea", "id"}:
        raise BadRequest
    idea = idea_for(current_user, data["idea"])
    return {"receipt": drop(act, idea, current_user, ballot_key(data["id"])).as_json()}

"""Votes by socket: what a live room needs by the thousand. The same ballot box as the page's, the same sentences."""

from collections.abc import Callable
from typing import Any

from campaign.errors import BadRequest, SignInFirst
from campaign.live.broadcasting import compact
from campaign.live.sockets import Caller, on_together
from campaign.votes.ballot_box import Slip, ballot_box, ballot_key, idea_number, told_of_name, version_read
from campaign.votes.ballots import Receipt, told_moment


def _slip(act: str) -> Callable[[str, Caller, dict[str, Any]], Slip]:
    def read(sid: str, caller: Caller, data: dict[str, Any]) -> Slip:
        if caller.ticket is None:
            raise SignInFirst
        if data.keys() - {"version", "named"} != {"idea", "id"}:
            raise BadRequest
        key, read = ballot_key(data["id"]), version_read(data.get("version"))
        named = told_of_name(data.get("named", False))
        return Slip(None, caller.ticket, idea_number(data["idea"]), key, act, read, caller.address, named)

    return read


def told(receipt: Receipt) -> str:
    """The answer to who voted: compact(receipt.as_json()) at a third of the price, for thousands are told in a second."""
    number, idea, act, key, at, votes, left = receipt
    total = "" if votes is None else f',"votes":{votes}'
    rest = "" if left is None else f',"left":{left}'
    return (
        f'{{"ok":true,"receipt":{{"number":{number},"idea":{idea},"act":"{act}","id":{compact(key)},'
        f'"at":"{told_moment(at)}"{total}{rest}}}}}'
    )


on_together("vote.cast", ballot_box, _slip("cast"), told)
on_together("vote.withdraw", ballot_box, _slip("withdraw"), told)

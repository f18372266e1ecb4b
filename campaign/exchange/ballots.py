"""What a file's voters did, as acts that can be sent."""

import hashlib
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that a voter does: `vote.cast` or `vote.withdraw`, for the idea with this key."""

    event: str
    key: str
    id: str


@dataclass(frozen=True, slots=True)
class Ballot:
    """What one voter does in one go."""

    voter: str
    acts: tuple[Act, ...]


@dataclass(frozen=True)
class Election:
    """What is replayed, and what it should come to: the total of each idea by its key."""

    ballots: list[Ballot]
    expected: dict[str, int]

    @property
    def voters(self) -> list[str]:
        return list(dict.fromkeys(ballot.voter for ballot in self.ballots))


def act_id(slug: str, voter: str, project: str, time: int = 1) -> str:
    """The id of one act, the same each time the file is replayed, so that it is done once."""
    text = f"replay-{slug}-{voter}-{project}" + (f"-{time}" if time > 1 else "")
    # The ballot box takes 64 plain characters.
    if len(text) <= 64 and text.isascii() and text.isprintable():
        return text
    return f"replay-{hashlib.sha256(text.encode()).hexdigest()[:48]}"

"""Which votes look as if no people stood behind them. A signal alone proves nothing, so it takes several.

A network is never a reason: a whole office, school or hall votes from one address. What counts is many accounts of one network that were made
for the same single vote within minutes, while hardly anybody else of that network votes otherwise.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from flask_babel import lazy_gettext as _l

from campaign.ideas.recorded import PAPER_HOST

ENOUGH = 3  # The weight that sets a vote aside.
WEIGHTS = {"throwaway": 2, "one_vote": 1, "at_once": 2, "burst": 2, "too_fast": 3}
REASONS = {
    "throwaway": _l("throw-away e-mail addresses"),
    "one_vote": _l("accounts made within the hour that did nothing but this vote"),
    "at_once": _l("voted within four seconds of signing up"),
    "burst": _l("six or more such accounts within ten minutes, on a network where hardly anybody votes otherwise"),
    "too_fast": _l("votes one after the other, faster than by hand"),
}

BALLOT_REASONS = {
    "throwaway": REASONS["throwaway"],
    "one_vote": _l("accounts made within the hour that did nothing but hand in this ballot"),
    "at_once": _l("handed in within four seconds of signing up"),
    "burst": _l(
        "six or more such accounts with the same ballot within ten minutes, on a network where hardly anybody votes otherwise"
    ),
    "too_fast": _l("answers one after the other, faster than two ideas can be read"),
}

YOUNG = timedelta(hours=1)  # An account that was made for a vote gives it soon.
AT_ONCE = timedelta(seconds=4)  # Nobody signs up, finds an idea and votes in less.
WINDOW = timedelta(minutes=10)
BURST = 6  # Accounts made for the same vote, of one network within that window.
MOSTLY = 0.6  # Of all who vote from that network.
IN_A_ROW = 30  # Votes of one person. A phone that was offline sends some at once, but not so many.
BY_HAND = 0.25  # Seconds between two votes, as nobody clicks.
ANSWERS, TO_READ = 10, 0.5  # Duels of one person in a row, and the seconds between two in which nobody reads two ideas.
FEW_ANSWERS = 5  # As many are enough where no more are asked. Of fewer, nothing is said.

# Where an address can be had for ten minutes without asking.
THROWAWAY = frozenset(
    """10minutemail.com 20minutemail.com 33mail.com anonaddy.me burnermail.io dispostable.com emailondeck.com fakeinbox.com
    fakemail.net getairmail.com getnada.com grr.la guerrillamail.biz guerrillamail.com guerrillamail.de guerrillamail.info
    guerrillamail.net guerrillamail.org guerrillamailblock.com inboxbear.com jetable.org mail-temp.com mail.tm mailcatch.com
    maildrop.cc mailinator.com mailinator.net mailnesia.com mailsac.com minuteinbox.com mintemail.com moakt.com mohmal.com
    mytemp.email sharklasers.com spam4.me spamgourmet.com temp-mail.io temp-mail.org tempail.com tempinbox.com
    tempmail.com tempmailo.com tempr.email throwawaymail.com trash-mail.com trashmail.com trashmail.de yopmail.com
    yopmail.fr yopmail.net""".split()
)


class Cast(NamedTuple):
    """A vote, with what is known of who gave it."""

    idea: int
    voter: int
    at: datetime
    joined_at: datetime
    email: str
    only_vote: bool  # Supports nothing else and has written nothing.
    networks: frozenset[str] = frozenset()

    @property
    def made_for_it(self) -> bool:
        return self.only_vote and timedelta() <= self.at - self.joined_at < YOUNG


class Handed(NamedTuple):
    """A ballot, with what is known of who handed it in."""

    stage: int
    voter: int
    at: datetime  # When it was first handed in.
    joined_at: datetime
    email: str
    only_ballot: bool  # Votes in nothing else and has written nothing.
    networks: frozenset[str] = frozenset()
    says: int | None = None  # The same number for the same ballot. None: it can't be compared.
    answers: tuple[datetime, ...] = ()  # When each duel on it was answered.
    asked: int = ANSWERS  # How many duels the stage asks each person.

    @property
    def made_for_it(self) -> bool:
        return self.only_ballot and timedelta() <= self.at - self.joined_at < YOUNG


def doubtful(votes: Iterable[Cast]) -> dict[tuple[int, int], list[str]]:
    """Of these votes, those to be set aside, as {(idea, voter): reasons}."""
    # Who votes on paper never sat at a screen: what a team records for them is marked in other ways.
    votes = [vote for vote in votes if not vote.email.endswith(PAPER_HOST)]
    found: dict[tuple[int, int], set[str]] = defaultdict(set)
    for vote in votes:
        domain = vote.email.rpartition("@")[2].lower()
        if domain in THROWAWAY:
            found[vote.idea, vote.voter].add("throwaway")
        if vote.made_for_it:
            found[vote.idea, vote.voter].add("one_vote")
        if timedelta() <= vote.at - vote.joined_at < AT_ONCE:
            found[vote.idea, vote.voter].add("at_once")
    for vote in _in_bursts(votes):
        found[vote.idea, vote.voter].add("burst")
    for vote in _too_fast(votes):
        found[vote.idea, vote.voter].add("too_fast")
    return {
        key: [reason for reason in REASONS if reason in reasons]
        for key, reasons in found.items()
        if sum(WEIGHTS[reason] for reason in reasons) >= ENOUGH
    }


def _in_bursts(votes: list[Cast]) -> set[Cast]:
    of_network: dict[str, set[int]] = defaultdict(set)
    made: dict[tuple[str, int], list[Cast]] = defaultdict(list)
    for vote in votes:
        for network in vote.networks:
            of_network[network].add(vote.voter)
            if vote.made_for_it:
                made[network, vote.idea].append(vote)
    found: set[Cast] = set()
    for (network, _idea), several in made.items():
        if len(several) < max(BURST, MOSTLY * len(of_network[network])):
            continue
        several.sort(key=lambda vote: vote.at)
        for first, last in zip(several, several[BURST - 1 :], strict=False):
            if last.at - first.at <= WINDOW:
                found.update(vote for vote in several if first.at <= vote.at <= first.at + WINDOW)
    return found


def _too_fast(votes: list[Cast]) -> set[Cast]:
    of_voter: dict[int, list[Cast]] = defaultdict(list)
    for vote in votes:
        of_voter[vote.voter].append(vote)
    found: set[Cast] = set()
    for mine in of_voter.values():
        mine.sort(key=lambda vote: vote.at)
        for start in range(len(mine) - IN_A_ROW + 1):
            row = mine[start : start + IN_A_ROW]
            gaps = [(later.at - vote.at).total_seconds() for vote, later in pairwise(row)]
            if median(gaps) < BY_HAND:
                found.update(row)
    return found


def doubtful_ballots(ballots: Iterable[Handed]) -> dict[tuple[int, int], list[str]]:
    """Of these ballots, those to be set aside, as {(stage, voter): reasons}, by the same weights as votes.

    One ballot is all that anybody can hand in, so that alone tells less of an account than a single vote among many ideas: a burst
    takes ballots that say the same.
    """
    ballots = [ballot for ballot in ballots if not ballot.email.endswith(PAPER_HOST)]
    found: dict[tuple[int, int], set[str]] = defaultdict(set)
    for ballot in ballots:
        if ballot.email.rpartition("@")[2].lower() in THROWAWAY:
            found[ballot.stage, ballot.voter].add("throwaway")
        if ballot.made_for_it:
            found[ballot.stage, ballot.voter].add("one_vote")
        if timedelta() <= ballot.at - ballot.joined_at < AT_ONCE:
            found[ballot.stage, ballot.voter].add("at_once")
        if _faster_than_read(ballot.answers, max(FEW_ANSWERS, min(ANSWERS, ballot.asked))):
            found[ballot.stage, ballot.voter].add("too_fast")
    for stage, voter in _in_bursts_of_ballots(ballots):
        found[stage, voter].add("burst")
    return {
        key: [reason for reason in BALLOT_REASONS if reason in reasons]
        for key, reasons in found.items()
        if sum(WEIGHTS[reason] for reason in reasons) >= ENOUGH
    }


def _in_bursts_of_ballots(ballots: list[Handed]) -> set[tuple[int, int]]:
    in_stage, of_network = Counter[int](), Counter[tuple[int, str]]()
    alike, alike_here = Counter[tuple[int, int]](), Counter[tuple[int, str, int]]()
    made: dict[tuple[int, str, int], list[Handed]] = defaultdict(list)
    for ballot in ballots:
        in_stage[ballot.stage] += 1
        of_network.update((ballot.stage, network) for network in ballot.networks)
        if ballot.says is None:
            continue
        alike[ballot.stage, ballot.says] += 1
        for network in ballot.networks:
            alike_here[ballot.stage, network, ballot.says] += 1
            if ballot.made_for_it:
                made[ballot.stage, network, ballot.says].append(ballot)
    found: set[tuple[int, int]] = set()
    for (stage, network, says), several in made.items():
        here = of_network[stage, network]
        if len(several) < max(BURST, MOSTLY * here):
            continue
        # What many others say as well is no plot: a hall has its favourite, and of two ideas one is liked by most.
        others = in_stage[stage] - here
        say_it = alike[stage, says] - alike_here[stage, network, says]
        if (say_it + 1) / (others + 2) >= len(several) / here / 2:
            continue
        several.sort(key=lambda ballot: ballot.at)
        for first, last in zip(several, several[BURST - 1 :], strict=False):
            if last.at - first.at <= WINDOW:
                found.update((stage, one.voter) for one in several if first.at <= one.at <= first.at + WINDOW)
    return found


def _faster_than_read(answers: tuple[datetime, ...], in_a_row: int) -> bool:
    gaps = [(later - at).total_seconds() for at, later in pairwise(sorted(answers))]
    rows = (gaps[start : start + in_a_row - 1] for start in range(len(gaps) - in_a_row + 2))
    return any(median(row) < TO_READ for row in rows)

#!/usr/bin/env python3
"""Count the votes of a campaign again, from its published ballots, on a machine of your own.

    python3 recount.py ballots.jsonl
    python3 recount.py ballots.jsonl --key KEY --checkpoint EARLIER --receipt RECEIPT

One file, nothing but Python's standard library. It checks that every ballot hashes to its leaf, that the leaves make the tree whose
root was signed (RFC 9162, Ed25519), counts who supports what in the end, and says who wins by each rule of each stage. With --key, the
key is yours and not the one in the file; with --checkpoint, the log must contain what an earlier checkpoint signed; with --receipt, it says
which ballot a receipt stands for.

First the file is read and told, then come the rules (from `RULES` on), last the tree and the signature.
"""

import argparse
import base64
import hashlib
import json
import math
import sys
from collections import Counter
from fractions import Fraction
from itertools import combinations
from pathlib import Path

# Ed25519 as RFC 8032 defines it (section 5.1.7, cofactorless): slow, short, and only to verify.
P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
ROOT_OF_MINUS_1 = pow(2, (P - 1) // 4, P)


class Wrong(Exception):
    """What does not add up, in a sentence."""


def main():
    ask = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    ask.add_argument("ballots", type=Path, help="the file of ballots, from the campaign's log page")
    ask.add_argument("--key", help="the log's key, as you got it from somewhere else than this file")
    ask.add_argument("--checkpoint", type=Path, help="a checkpoint that you kept while people voted")
    ask.add_argument("--receipt", type=Path, help="a receipt that you kept")
    asked = ask.parse_args()
    try:
        count_again(asked)
    except Wrong as error:
        print(f"WRONG: {error}")
        return 1
    except (OSError, ValueError, KeyError, TypeError) as error:
        print(f"WRONG: a file can't be read: {error}")
        return 1
    return 0


def count_again(asked):
    line, head, ballots, together = read(asked.ballots)
    key = asked.key or head["key"]
    leaves = [leaf_of(ballot) for ballot in ballots]
    check_note(head["checkpoint"], key, leaves, "The ballots")
    print(f"The {many(ballots, 'ballot is the one', 'ballots are those')} that the log signed.")
    check_head(line, head, key, ballots, together)
    if asked.checkpoint:
        size = check_note(asked.checkpoint.read_text(encoding="utf-8"), key, leaves, "The earlier checkpoint")
        print(
            f"The earlier checkpoint, of {many(size, 'ballot')}, is contained in {'it' if len(ballots) == 1 else 'them'}."
        )
    if asked.receipt:
        tell_receipt(asked.receipt.read_text(encoding="utf-8"), key, leaves, ballots, head["ideas"])
    if any("stage" not in ballot for ballot in ballots):
        tell_support(head, ballots, together)
    costs = {int(idea): cost for idea, cost in head.get("costs", {}).items()}
    for stage, rules in head.get("stages", {}).items():
        tell_stage(int(stage), rules, ballots, head, costs)


def tell_support(head, ballots, together):
    """How many people support each idea, and who wins by that."""
    totals = dict.fromkeys(head["ideas"], 0)
    set_aside = {(ballot["idea"], ballot["voter"]) for ballot in ballots if "aside" in ballot and "stage" not in ballot}
    beside = dict.fromkeys(head["ideas"], 0)
    on_paper = dict.fromkeys(head["ideas"], 0)
    recorded = {(ballot["idea"], ballot["voter"]) for ballot in ballots if ballot["act"] == "record"}
    for vote in standing(ballots):
        idea = str(vote[0])
        if idea in totals:  # Votes for an idea that was taken back since count for nothing.
            (beside if vote in set_aside else totals)[idea] += 1
            on_paper[idea] += vote in recorded and vote not in set_aside
    print("\nVotes  Idea")
    for idea, votes in sorted(totals.items(), key=lambda item: (-item[1], int(item[0]))):
        without = f", and {beside[idea]} not counted" if beside[idea] else ""
        recorded_of = f", {on_paper[idea]} of them recorded on paper by the brand" if on_paper[idea] else ""
        print(f"{votes:5}  {head['ideas'][idea]} (idea {idea}){recorded_of}{without}")
    if sum(beside.values()):
        print(
            f"\nVotes that the campaign’s team left out or has under review, not counted above: {sum(beside.values())}"
        )
    if support := head.get("support"):
        numbers, seats = {int(idea): votes for idea, votes in totals.items()}, support["seats"]
        since = support.get("since", support["stage"])
        words = seed_of(head, support["stage"], [ballot for ballot in ballots if "stage" not in ballot], since)
        if since != support["stage"]:
            print(
                f"Support counts since stage {since}, by the rules that froze there: {many(seats, 'idea is', 'ideas are')} chosen."
            )
        tell_winners("most supported", first(numbers, seats, words), head["ideas"])
        if seats > 1 and together:
            check_together(together, numbers)
            tell_winners("proportional shortlist", proportional(together, set(numbers), seats, words), head["ideas"])
        elif seats > 1:
            print(
                "  The proportional shortlist can't be counted from here: the file doesn't say what people support together."
            )


def many(number, one, several=None):
    """How many there are, in words. `number`: one, or the things themselves."""
    number = number if isinstance(number, int) else len(number)
    return f"{number} {one if number == 1 else several or one + 's'}"


def read(file):
    """The first line; the ballots; and how many people support which ideas together, where the file says so."""
    with file.open(encoding="utf-8", newline="\n") as lines:
        first_line = next(lines, "{}")
        head = json.loads(first_line)
        if head.get("format") != "ensemble-ballot-log-1":
            raise Wrong("the first file is not a file of ballots.")
        ballots = []
        together: Counter[tuple[int, ...]] = Counter()
        for line in map(json.loads, lines):
            if "together" in line:
                together[tuple(line["together"])] += line["people"]
            else:
                ballots.append(line)
    for place, ballot in enumerate(ballots):
        if ballot["index"] != place:
            raise Wrong(f"ballot {place} is missing from the file.")
    return first_line, head, ballots, together


def check_head(line, head, key, ballots, together):
    """What the file says beside the ballots: for this campaign, and as the log's key signed it."""
    name = key.strip().split("+")[0]
    if not name.endswith(f"/campaigns/{head['campaign']}/log"):
        raise Wrong(
            f"the log {name} is not the one of the campaign {head['campaign']}, whose name the lots are drawn from."
        )
    if "signed" not in head:
        print(
            "The file is from before rules, prices and decisions were signed: nothing tells whether those were changed."
        )
        return
    said = line.rstrip("\n").rpartition(',"signed":')[0] + "}"
    text = signed_text(head["signed"], key, "What stands beside the ballots")
    if text != f"{name}/head\n{base64.b64encode(hashlib.sha256(said.encode()).digest()).decode()}\n":
        raise Wrong("the first line, with the rules and the prices, was changed since it was signed.")
    asides = {(kind, number, voter): why for kind, number, voter, why in head["asides"]}
    for ballot in ballots:
        kind = "stage" if "stage" in ballot else "idea"
        if ballot.get("aside") != asides.get((kind, ballot[kind], ballot["voter"])):
            raise Wrong(f"ballot {ballot['index']}: that it counts, or does not, is not what was signed.")
    lines = [{"together": choice, "people": people} for choice, people in sorted(together.items())]
    written = "".join(json.dumps(each, separators=(",", ":")) + "\n" for each in lines)
    if hashlib.sha256(written.encode()).hexdigest() != head["beside"]:
        raise Wrong("what people support together is not what was signed.")
    print("Its rules, prices and decisions are those that the log’s key signed.")


def check_together(together, totals):
    """What people support together must add up to the votes that the log signed. That these were the same people, it doesn't show."""
    added = votes_on(together, totals)
    for idea, votes in totals.items():
        if added[idea] != votes:
            raise Wrong(
                f"what people support together gives idea {idea} {many(added[idea], 'vote')}, and the ballots {votes}."
            )


def tell_stage(stage, rules, ballots, head, costs):
    """The sums of a stage in which people filled in ballots, and who wins by each of its rules. The first rule decides."""
    ideas = head["ideas"]
    standing_in = standing_ballots(ballots, stage)
    set_aside = {ballot["voter"] for ballot in ballots if ballot.get("stage") == stage and "aside" in ballot}
    contents = [content for voter, content in standing_in.items() if voter not in set_aside]
    print(f"\nStage {stage}, {rules['method']}: {many(contents, 'ballot')}")
    if len(standing_in) > len(contents):
        left_out = len(standing_in) - len(contents)
        print(f"Ballots that the campaign’s team left out or has under review, not counted here: {left_out}")
    print("\n  Sum  Idea")
    sums = dict.fromkeys(ideas, 0)
    for content in contents:
        for idea, mark in marks(rules, json.loads(content)):
            if str(idea) in sums:
                sums[str(idea)] += mark
    for idea, total in sorted(sums.items(), key=lambda item: (-item[1], int(item[0]))):
        print(f"{total:5}  {ideas[idea]} (idea {idea})")
    if "seeds" not in head:
        return  # A file from before winners were counted here.
    words = seed_of(head, stage, [ballot for ballot in ballots if ballot.get("stage") == stage])
    there = {int(idea) for idea in ideas}
    for name, winners in winners_of(rules, [json.loads(content) for content in contents], there, costs, words):
        tell_winners(name, winners, ideas)


def tell_winners(name, winners, ideas):
    told = "; ".join(f"{place}. {ideas[str(idea)]} (idea {idea})" for place, idea in enumerate(winners, 1))
    print(f"\nChosen, {name}: {told or 'nothing'}")


def seed_of(head, stage, ballots, since=None):
    """The words from which the lots of a stage are drawn: they end with the salt of its first ballot, fixed since then and known to nobody while people voted."""
    words, begin = head["seeds"].get(str(stage)), f"{head['campaign']} {since or stage}"
    if words is None:  # A ballot or an idea may still come.
        words = f"{begin} provisional"
        print(f"\nThe lots of stage {stage} are provisional, drawn from the words “{words}”: others will decide.")
        return words
    ballot = next((ballot for ballot in ballots if ballot["act"] in ("cast", "record")), None)
    if ballot is None or words != f"{begin} {ballot['salt']}":
        raise Wrong(f"the lots of stage {stage} are not drawn from its first ballot.")
    print(f"\nThe lots of stage {stage} are the SHA-256 of the words “{words}”, a colon and the idea's number.")
    print(f"They end with the salt of ballot {ballot['index']}, the first.")
    return words


def marks(rules, content):
    """What a ballot gives to each idea: its marks, one to the first of a ranking, one to the preferred of each duel, the steps on all scales."""
    method = rules["method"]
    if method == "scales":
        return [(idea, sum(step or 0 for step in steps)) for idea, steps in content]
    if method == "ranked":
        return [(idea, 1) for idea in content[:1]]
    if method == "duels":
        return [(preferred, 1) for preferred, _other, undecided in content if not undecided]
    return content


def standing_ballots(ballots, stage):
    """What each voter of a stage last handed in, without those who took it back."""
    last: dict[str, str] = {}
    for ballot in ballots:
        if ballot.get("stage") == stage:
            last.pop(ballot["voter"], None)
            if ballot["act"] == "cast":
                last[ballot["voter"]] = ballot["content"]
    return last


def standing(ballots):
    """Who supports which idea once everything is done, in order: cast again it counts once, and it can be taken back."""
    kept = set()
    for ballot in ballots:
        if "stage" in ballot:
            continue
        vote = ballot["idea"], ballot["voter"]
        if ballot["act"] in ("cast", "record"):
            kept.add(vote)
        elif ballot["act"] == "withdraw":
            kept.discard(vote)
        else:
            raise Wrong(f"ballot {ballot['index']} is neither cast nor taken back.")
    return kept


# The rules. An idea is its number. Points are a dict by idea; a ballot is what its voter handed in last, and equal ones are
# gathered in a Counter. All is exact but the strengths in duels.


def winners_of(rules, contents, ideas, costs, seed):
    """Who wins by each rule that can read these ballots, as (its name, the ideas in their order). Ideas that were taken back are in none."""
    seats = rules.get("seats", 1)
    if rules["method"] == "ranked":
        ideas = compared(ideas, Counter(idea for content in contents for idea in content), "ranked", seed)
        ballots = Counter(tuple(idea for idea in content if idea in ideas) for content in contents)
        single = [
            ("Schulze", schulze(ballots, ideas, seats, seed)),
            ("instant run-off", instant_runoff(ballots, ideas, seed)),
        ]
        several = ("single transferable vote", transferable(ballots, ideas, seats, seed))
        return [several, *single] if seats > 1 else [*single, several]
    if rules["method"] == "duels":
        answers = [duel[:2] for content in contents for duel in content if not duel[2]]
        met = [(won, lost) for won, lost in answers if won in ideas and lost in ideas]
        ideas = compared(ideas, Counter(won for won, _lost in met), "duels", seed, {lost for _won, lost in met})
        duels = Counter((won, lost) for won, lost in met if won in ideas and lost in ideas)
        return [("strength in duels", first(strengths(duels, ideas), seats, seed))]
    if rules["method"] == "budget":
        ideas = {idea for idea in costs if idea in ideas}
        ideas = compared(ideas, Counter(idea for content in contents for idea, _mark in content), "budget", seed)
        priced = {idea: costs[idea] for idea in ideas}
        ballots = Counter(tuple(sorted(idea for idea, _mark in content if idea in priced)) for content in contents)
        budget = rules["budget"] * 100  # In cents, as the costs are.
        return [
            ("equal shares", equal_shares(ballots, priced, budget, seed)),
            ("by votes alone", by_votes(votes_on(ballots, priced), priced, budget, seed)),
        ]
    if rules["method"] == "scales":
        return on_scales(rules["scales"], contents, ideas, seats, seed)
    given = [(idea, mark) for content in contents for idea, mark in content if idea in ideas]
    points = dict.fromkeys(ideas, Fraction(0))
    if rules["method"] == "statements":
        agree = Counter(idea for idea, mark in given if mark == 1)
        seen = Counter(idea for idea, _mark in given)
        points = {idea: Fraction(agree[idea] + 1, seen[idea] + 2) for idea in ideas}
    else:  # Points, marks, for and against: the sum decides.
        for idea, mark in given:
            points[idea] += mark
    return [(RULES[rules["method"]], first(points, seats, seed))]


def on_scales(scales, contents, ideas, seats, seed):
    """All scales together, where each step is a share of the highest of its scale. What would be chosen by one scale alone is told, and decides nothing."""
    together = dict.fromkeys(ideas, Fraction(0))
    alone = []
    for number, scale in enumerate(scales):
        points = dict.fromkeys(ideas, 0)
        for content in contents:
            for idea, steps in content:
                if idea in points:
                    points[idea] += steps[number] or 0
        for idea, total in points.items():
            together[idea] += Fraction(total, len(scale["steps"]) - 1)
        name = next(iter(scale["names"].values()), number + 1)
        alone.append((f"by the scale “{name}” alone", first(points, seats, seed)))
    return [("all scales together", first(together, seats, seed)), *alone]


RULES = {
    "dots": "most points",
    "score": "sum of marks",
    "up_down": "for minus against",
    "statements": "agreement",
}


MOST = {"ranked": 500, "duels": 300, "budget": 2000}


def compared(ideas, times, method, seed, others=()):
    """Of too many ideas, those that were chosen most often; then come others that were asked about. The lot decides among equals."""
    if len(ideas) <= MOST[method]:
        return ideas
    chosen = [idea for idea in ideas if idea in times or idea in others]
    return set(sorted(chosen, key=lambda idea: (-times[idea], lot(seed, idea)))[: MOST[method]])


def lot(seed, idea):
    """What settles ties: among equals the smallest comes first, and the largest leaves."""
    return hashlib.sha256(f"{seed}:{idea}".encode()).hexdigest()


def first(points, many, seed):
    """The ideas with the most points."""
    return sorted(points, key=lambda idea: (-points[idea], lot(seed, idea)))[:many]


def votes_on(ballots, ideas):
    votes = dict.fromkeys(ideas, 0)
    for ballot, people in ballots.items():
        for idea in ballot:
            votes[idea] += people
    return votes


def schulze(ballots, ideas, seats, seed):
    """Every idea against every other. A duel is as strong as its winner's votes, a chain as its weakest duel; the strongest chain decides."""
    ranked: Counter[int] = Counter()
    above: Counter[tuple[int, int]] = Counter()
    for ballot, people in ballots.items():
        for idea in ballot:
            ranked[idea] += people
        for better, worse in combinations(ballot, 2):
            above[better, worse] += people
    # Who ranks an idea puts it above all that don't stand above it, those left out among them.
    over = {(a, b): ranked[a] - above[b, a] for a in ideas for b in ideas if a != b}
    strength = {pair: votes if votes > over[pair[::-1]] else 0 for pair, votes in over.items()}
    for through in ideas:
        for a in ideas - {through}:
            for b in ideas - {through, a}:
                chain = min(strength[a, through], strength[through, b])
                strength[a, b] = max(strength[a, b], chain)
    order, left = [], set(ideas)
    while left:
        unbeaten = [a for a in left if all(strength[a, b] >= strength[b, a] for b in left - {a})]
        order += sorted(unbeaten, key=lambda idea: lot(seed, idea))
        left -= set(unbeaten)
    return order[:seats]


def instant_runoff(ballots, ideas, seed):
    """Who has the fewest first places leaves, until one is left."""
    standing = set(ideas)
    while len(standing) > 1:
        held = dict.fromkeys(standing, 0)
        for ballot, people in ballots.items():
            if (choice := next_on(ballot, standing)) is not None:
                held[choice] += people
        standing.remove(min(held, key=lambda idea: (held[idea], -int(lot(seed, idea), 16))))
    return list(standing)


def transferable(ballots, ideas, seats, seed):
    """Who reaches the quota is elected; what they have beyond it goes to the next choices, each ballot at the same fraction of its worth."""
    standing = set(ideas)
    elected: list[int] = []
    worth = {ballot: Fraction(people) for ballot, people in ballots.items() if ballot}
    quota = sum(people for ballot, people in ballots.items() if ballot) // (seats + 1) + 1
    lies = {ballot: ballot[0] for ballot in worth}  # Before which idea a ballot lies. None: it has no choice left.
    while standing and len(elected) < seats:
        held = dict.fromkeys(standing, Fraction(0))
        for ballot, choice in lies.items():
            if choice is not None:
                held[choice] += worth[ballot]
        reached = [idea for idea in held if held[idea] >= quota]
        if not reached and len(standing) > seats - len(elected):
            gone = {min(held, key=lambda idea: (held[idea], -int(lot(seed, idea), 16)))}
        else:
            taken = {idea: held[idea] for idea in reached or standing}
            elected += first(taken, len(taken), seed)
            gone = set(taken)
        standing -= gone
        for ballot, choice in lies.items():
            if choice in gone:
                if choice in reached:
                    worth[ballot] *= (held[choice] - quota) / held[choice]
                lies[ballot] = next_on(ballot, standing)
    return elected


def next_on(ballot, standing):
    return next((idea for idea in ballot if idea in standing), None)


def strengths(duels, ideas, prior=0.1):
    """The logarithms of Bradley and Terry's strengths, by Hunter's algorithm, until none moves by more than the twelfth digit."""
    met: dict[int, Counter[int]] = {idea: Counter() for idea in ideas}
    wins: Counter[int] = Counter()
    for (won, lost), times in duels.items():
        met[won][lost] += times
        met[lost][won] += times
        wins[won] += times
    now = dict.fromkeys(ideas, 1.0)
    for _turn in range(10_000):
        before = now
        better = {
            idea: (wins[idea] + prior)
            / (math.fsum(times / (before[idea] + before[other]) for other, times in met[idea].items()) + prior)
            for idea in ideas
        }
        mean = math.fsum(better.values()) / (len(better) or 1)
        now = {idea: strength / mean for idea, strength in better.items()}
        if all(abs(now[idea] - before[idea]) <= 1e-12 * now[idea] for idea in ideas):
            break
    centre = math.fsum(map(math.log, now.values())) / (len(now) or 1)
    return {idea: math.log(strength) - centre for idea, strength in now.items()}


def by_votes(votes, costs, money, seed):
    """The most chosen idea is paid first, then the next that still fits; one without a vote never is."""
    bought = []
    for idea in first(votes, len(votes), seed):
        if votes[idea] and costs[idea] <= money:
            bought.append(idea)
            money -= costs[idea]
    return bought


def proportional(ballots, ideas, seats, seed):
    """Everybody has an equal part of the places, and an idea is taken by those who support it, together. For places that this leaves people go on
    earning, all alike, and the idea is taken whose supporters have one first (Phragmén's rule, from what they have left)."""
    votes, once = votes_on(ballots, ideas), dict.fromkeys(ideas, 1)
    purses = Purses(ballots, once, votes, seed)
    chosen = list(purses.buy(Fraction(seats, sum(ballots.values()) or 1)))
    waiting = {idea for idea in ideas if votes[idea]} - set(chosen)
    unit, spent = (
        purses.unit,
        [-has for has in purses.money],
    )  # Beyond their part, in 1/unit of a place: less than nothing at first.
    while waiting and len(chosen) < seats:
        after = {}  # What each supporter has spent once the idea is taken: all of them as much.
        for idea in waiting:
            together = sum(spent[at] * purses.people[at] for at in purses.choosers[idea])
            after[idea] = Fraction(unit + together, votes[idea] * unit)
        least = min(after.values())
        taken = min((idea for idea in waiting if after[idea] == least), key=lambda idea: lot(seed, idea))
        finer = math.lcm(unit, least.denominator)  # One in which it is a whole number.
        unit, spent = finer, [each * (finer // unit) for each in spent]
        for at in purses.choosers[taken]:
            spent[at] = least.numerator * (unit // least.denominator)
        chosen.append(taken)
        waiting.remove(taken)
    return chosen


def equal_shares(ballots, costs, budget, seed):
    """Everybody gets the same part, and ideas are paid by those who chose them. The parts are raised step by step as long as that buys more, a
    euro at a time, or a hundredth of the part where that is less; the rest goes by votes."""
    votes, people = votes_on(ballots, costs), sum(ballots.values()) or 1
    part, step = Fraction(budget, people), min(Fraction(100), Fraction(budget, 100 * people))
    purses = Purses(ballots, costs, votes, seed)
    bought, steps = purses.buy(part), 1
    while something_fits(bought, costs, votes, budget):
        if steps > 1:  # As long as nothing changes, many steps are taken at once.
            if purses.same(bought, part + steps * step):
                part, steps = part + steps * step, steps * 2
            else:
                steps //= 2
            continue
        more = purses.buy(part + step, budget)
        if sum(costs[idea] for idea in more) > budget:
            break
        steps = 2 if list(more) == list(bought) else 1
        part, bought = part + step, more
    left = budget - sum(costs[idea] for idea in bought)
    others = {idea: many for idea, many in votes.items() if idea not in bought}
    return [*bought, *by_votes(others, costs, left, seed)]


def something_fits(bought, costs, votes, budget):
    left = budget - sum(costs[idea] for idea in bought)
    return any(votes[idea] and idea not in bought and costs[idea] <= left for idea in costs)


class Purses:
    """The money of those who chose, in 1/unit of a cent; who chose the same have the same."""

    def __init__(self, ballots, costs, votes, seed):
        self.costs, self.seed, self.people = costs, seed, list(ballots.values())
        self.choosers: dict[int, list[int]] = {idea: [] for idea in costs}
        for at, ballot in enumerate(ballots):
            for idea in ballot:
                self.choosers[idea].append(at)
        # What an idea asks for each cent of its cost, where everybody can give as much: it only grows while they pay for others.
        self.least = {idea: Fraction(costs[idea], votes[idea] * (costs[idea] or 1)) for idea in costs if votes[idea]}

    def fill(self, part):
        self.unit, self.money = part.denominator, [part.numerator] * len(self.people)

    def buy(self, part, limit=None):
        """What is bought with this part, each idea with what it asked: next is always the one that asks least of those who chose it.

        It ends as soon as more than the limit is spent.
        """
        self.fill(part)
        asks = dict(self.least)
        bought: dict[int, Fraction] = {}
        while asks and (limit is None or sum(self.costs[idea] for idea in bought) <= limit):
            best = None
            for idea in sorted(asks, key=lambda idea: (float(asks[idea]), asks[idea])):
                if best is not None and asks[idea] > best:
                    break
                if (asked := self.asked(idea)) is None:
                    del asks[idea]  # Those who chose it can't pay it together, nor will they ever.
                    continue
                asks[idea] = asked
                best = asked if best is None else min(best, asked)
            if best is None:
                break
            taken = min((idea for idea in asks if asks[idea] == best), key=lambda idea: lot(self.seed, idea))
            self.pay(taken, best)
            bought[taken] = best
            del asks[taken]
        return bought

    def same(self, bought, part):
        """Whether every part from the one that bought this up to this one buys the same in the same order.

        With more money each idea asks less, or as much. So it is enough that with this part no other asks as little as the one that was bought asked.
        """
        self.fill(part)
        others = dict(self.least)
        for taken, most in bought.items():
            others.pop(taken, None)
            for idea in [idea for idea in others if others[idea] <= most]:
                if (asked := self.asked(idea)) is None:
                    del others[idea]
                elif asked < most or (asked == most and lot(self.seed, idea) < lot(self.seed, taken)):
                    return False
                else:
                    others[idea] = asked
            self.pay(taken, self.asked(taken))
        return all(self.asked(idea) is None for idea in others)

    def asked(self, idea):
        """What everybody gives at most for each cent, so that together it makes the cost: who has less gives all. None where it doesn't."""
        purses = [(self.money[at], self.people[at]) for at in self.choosers[idea]]
        cost, rich = self.costs[idea] * self.unit, sum(people for _has, people in purses)
        for has, people in sorted(purses):
            if has * rich >= cost:
                return Fraction(cost, rich * self.unit * (self.costs[idea] or 1))
            cost -= has * people
            rich -= people
        return None

    def pay(self, idea, asked):
        each = asked * (self.costs[idea] or 1)
        unit = math.lcm(self.unit, each.denominator)  # One in which it is a whole number.
        if unit > self.unit:
            self.money = [has * (unit // self.unit) for has in self.money]
            self.unit = unit
        due = each.numerator * (unit // each.denominator)
        for at in self.choosers[idea]:
            self.money[at] = max(0, self.money[at] - due)


def leaf_of(ballot):
    line = "ensemble-ballot-1 {salt} {voter} {act} {idea} {minute}"
    if "stage" in ballot:
        line = "ensemble-ballot-2 {salt} {voter} {act} {stage} {minute} {content}"
    line = line.format(**ballot)
    return hashlib.sha256(b"\x00" + line.encode()).digest()


def root_of(leaves):
    """The root of the tree over these leaves (RFC 9162, section 2.1.1)."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    row = leaves
    while len(row) > 1:
        over = [
            hashlib.sha256(b"\x01" + left + right).digest() for left, right in zip(row[::2], row[1::2], strict=False)
        ]
        row = over + row[-1:] if len(row) % 2 else over
    return row[0]


def check_note(note, key, leaves, what):
    """The size that a signed checkpoint tells, once its signature and its root are right."""
    name = key.strip().split("+")[0]
    origin, size, root = signed_text(note, key, what).splitlines()
    if origin != name:
        raise Wrong(f"{what}: signed for the log {origin}, not for {name}.")
    if int(size) > len(leaves):
        raise Wrong(f"{what}: signed with {many(int(size), 'ballot')}, and the file has only {len(leaves)}.")
    if what == "The ballots" and int(size) != len(leaves):
        raise Wrong(f"{what}: signed with {many(int(size), 'ballot')}, and the file has {len(leaves)}.")
    if base64.b64decode(root) != root_of(leaves[: int(size)]):
        raise Wrong(f"{what}: they do not make the root that was signed; at least one was changed.")
    return int(size)


def signed_text(note, key, what):
    """What a note says, once the signature of this key on it is right."""
    name, number, encoded = key.strip().split("+", 2)
    public = base64.b64decode(encoded)[1:]
    text, _, signatures = note.strip().replace("\r\n", "\n").rpartition("\n\n")
    for line in signatures.split("\n"):
        _dash, signer, signature = line.split(" ")
        signed = base64.b64decode(signature)
        if signer == name and signed[:4].hex() == number:
            if not verifies(public, (text + "\n").encode(), signed[4:]):
                raise Wrong(f"{what}: the signature is false.")
            return text + "\n"
    raise Wrong(f"{what}: not signed by the key of the log.")


def tell_receipt(text, key, leaves, ballots, ideas):
    head, _, note = text.strip().replace("\r\n", "\n").partition("\n\n")
    if head == "ensemble-ballot-promise@v1":  # Of a vote that was given while totals were sealed.
        _origin, _says, leaf, _second = signed_text(note, key, "The receipt").splitlines()
        if base64.b64decode(leaf) not in leaves:
            raise Wrong("the log does not have what the receipt promises.")
        place = leaves.index(base64.b64decode(leaf))
    else:
        first, extra, index = head.split("\n")[:3]
        if first != "c2sp.org/tlog-proof@v1":
            raise Wrong("the receipt is none.")
        check_note(note, key, leaves, "The receipt")
        place = int(index.removeprefix("index "))
        if place >= len(leaves) or base64.b64decode(extra.removeprefix("extra ")) != leaves[place]:
            raise Wrong("the receipt's leaf is not in the log at its place.")
    ballot = ballots[place]
    if "stage" in ballot:
        print(f"The receipt is ballot {place}: in stage {ballot['stage']} it says {ballot['content'] or 'nothing'}.")
        return
    done = "supports" if ballot["act"] in ("cast", "record") else "takes back the support of"
    print(
        f"The receipt is ballot {place}: it {done} “{ideas.get(str(ballot['idea']), 'an idea that was taken back')}”."
    )


def verifies(public, message, signature):
    """Whether an Ed25519 signature is good."""
    if len(public) != 32 or len(signature) != 64:
        return False
    key, nonce = point(public), point(signature[:32])
    scalar = int.from_bytes(signature[32:], "little")
    if key is None or nonce is None or scalar >= ORDER:
        return False
    challenge = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % ORDER
    left, right = times(scalar, BASE), plus(nonce, times(challenge, key))
    return (left[0] * right[2] - right[0] * left[2]) % P == 0 and (left[1] * right[2] - right[1] * left[2]) % P == 0


def point(encoded):
    """A point of the curve in extended coordinates (x, y, z, t), or None."""
    y = int.from_bytes(encoded, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_1 % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = P - x
    return x, y, 1, x * y % P


def plus(one, other):
    a = (one[1] - one[0]) * (other[1] - other[0]) % P
    b = (one[1] + one[0]) * (other[1] + other[0]) % P
    c, d = 2 * one[3] * other[3] * D % P, 2 * one[2] * other[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(scalar, factor):
    total = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            total = plus(total, factor)
        factor, scalar = plus(factor, factor), scalar >> 1
    return total


BASE = point((4 * pow(5, -1, P) % P).to_bytes(32, "little"))

if __name__ == "__main__":
    sys.exit(main())

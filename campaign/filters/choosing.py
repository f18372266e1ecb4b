"""What a brand's managers have its filters look for."""

from typing import Any, NamedTuple

from campaign.accounts.models import Person
from campaign.brands.models import Brand
from campaign.campaigns.carrying import carry
from campaign.campaigns.models import Campaign
from campaign.database import lock
from campaign.extensions import db
from campaign.filters.models import CampaignWords, Filtering
from campaign.history import record


class Chosen(NamedTuple):
    """What is looked for in a brand's campaigns."""

    words: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    links: bool = False
    repeats: bool = False
    coarse: bool = False
    learned: bool = False


def chosen_by(brand_id: int) -> Chosen:
    """What is looked for in all campaigns of a brand. One query."""
    there = db.session.get(Filtering, brand_id)
    if there is None:
        return Chosen()
    return Chosen(tuple(there.words), tuple(there.hosts), there.links, there.repeats, there.coarse, there.learned)


def words_of_campaign(campaign_id: int) -> tuple[str, ...]:
    """Which words are looked for in a campaign besides. One query."""
    there = db.session.get(CampaignWords, campaign_id)
    return tuple(there.words) if there else ()


def choose(brand: Brand, by: Person, chosen: Chosen) -> None:
    """Look for this from now on. What stands on the boards already is left as it is. Chosen again, it changes nothing."""
    lock(brand)
    before = chosen_by(brand.id)
    if before == chosen:
        return
    values = {**chosen._asdict(), "words": list(chosen.words), "hosts": list(chosen.hosts)}
    there = db.session.get(Filtering, brand.id)
    if there is None:
        db.session.add(Filtering(brand_id=brand.id, **values))
    else:
        for name, value in values.items():
            setattr(there, name, value)
    changed = [name for name in Chosen._fields if getattr(before, name) != getattr(chosen, name)]
    record("filters.chosen", brand, by=by, changes={name: [getattr(before, name), values[name]] for name in changed})


def choose_words(campaign: Campaign, by: Person, words: tuple[str, ...]) -> None:
    """Look for these words in the campaign besides its brand's. Chosen again, it changes nothing."""
    lock(campaign)
    before = words_of_campaign(campaign.id)
    if before == words:
        return
    _write(campaign, words)
    record("filter_words.chosen", campaign, by=by, changes={"words": [list(before), list(words)]})


def _write(campaign: Campaign, words: Any) -> None:
    there = db.session.get(CampaignWords, campaign.id)
    if there is None:
        db.session.add(CampaignWords(campaign_id=campaign.id, words=list(words)))
    else:
        there.words = list(words)


def _begin(campaign: Campaign, told: Any, by: Person) -> None:
    if told:
        _write(campaign, told)


carry("filter_words", lambda campaign: list(words_of_campaign(campaign.id)), _begin)

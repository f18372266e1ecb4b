"""However different the versions of an idea are made, comparing them ends."""

import random

from campaign.accounts.models import Person
from campaign.campaigns.models import Campaign
from campaign.extensions import db
from campaign.ideas import versions
from campaign.ideas.actions import write_version
from campaign.ideas.diffing import Effort, compare_texts
from tests.makers import make_idea


def scribbles(seed):
    """Words drawn at random, so that two texts share many and never two in a row."""
    draw = random.Random(seed)
    return " ".join("".join(draw.choices("abcdefgh", k=3)) for _ in range(900))


def test_a_page_of_versions_has_one_effort_for_all_of_them():
    effort = Effort()
    for seed in range(20):
        compare_texts(scribbles(seed), scribbles(seed + 1), effort)
    assert effort.used_up


def test_versions_too_different_to_compare_are_told_whole_and_the_page_says_so(app, bea, nobody, cast, soda_campaign):
    with app.app_context():
        bea_row = db.session.get_one(Person, cast["bea"])
        campaign = db.session.get_one(Campaign, soda_campaign)
        idea = make_idea(campaign, bea_row, text="A cap.", category=campaign.categories[0])
        for number, text in enumerate(["A lid.", *(scribbles(seed) for seed in range(6))], start=2):
            idea.version, idea.text = number, text
            write_version(idea, bea_row)
        db.session.commit()
        idea_id = idea.id
    told = nobody.get(f"/ideas/{idea_id}/versions").text
    assert 0 < told.count("Too different from the version before to compare") < 8
    kept = versions._differences.cache_info().hits
    assert nobody.get(f"/ideas/{idea_id}/versions").text.count("Too different") == told.count("Too different")
    assert versions._differences.cache_info().hits == kept + 1, "what never changes is compared once"

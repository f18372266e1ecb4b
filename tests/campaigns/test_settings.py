"""A draft changes freely; what was published keeps what people count on."""

import re
from datetime import timedelta
from html import unescape

import pytest

from campaign.brands.models import Brand, Membership
from campaign.campaigns.models import Campaign, Category, Publication, Tag
from campaign.clock import now
from campaign.extensions import db
from campaign.history import Entry, record
from campaign.ideas.models import Idea
from campaign.live import board_seq
from tests.pictures import picture
from tests.refusals import sentence_at

SETTINGS = "/campaigns/soda/settings"


def shown(page: str) -> dict[str, str]:
    """The fields of a page as a browser would send them back untouched."""
    fields = {}
    for control in re.findall(r"<input [^>]*>", page):
        name, kind = re.search(r'name="([^"]*)"', control), re.search(r'type="([^"]*)"', control)
        value = re.search(r'value="([^"]*)"', control)
        if not name or name[1] == "csrf_token" or (kind and kind[1] in ("file", "submit")):
            continue
        if kind and kind[1] in ("radio", "checkbox") and " checked" not in control:
            continue
        fields[unescape(name[1])] = unescape(value[1]) if value else ""
    for name, text in re.findall(r'<textarea [^>]*name="([^"]*)"[^>]*>\r?\n?(.*?)</textarea>', page, re.DOTALL):
        fields[name] = unescape(text)
    for name, options in re.findall(r'<select [^>]*name="([^"]*)".*?>(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r'<option selected value="([^"]*)"', options)
        fields[name] = unescape(chosen[1]) if chosen else ""
    fields.pop("next", None)
    return fields


@pytest.fixture
def change(ana, soda_campaign):
    """Change some fields of the open campaign, the others untouched."""

    def send(**fields):
        return ana.post(SETTINGS, **{**shown(ana.get(SETTINGS).text), **fields})

    return send


def acts(app):
    with app.app_context():
        return [
            (entry.what, entry.details, entry.why) for entry in db.session.scalars(db.select(Entry).order_by(Entry.id))
        ]


def ask(app, question):
    with app.app_context():
        return question(db.session.scalars(db.select(Campaign)).one())


@pytest.mark.parametrize(("who", "status"), [("ana", 200), ("bea", 404), ("drew", 404), ("nobody", 302)])
def test_only_the_team_finds_the_settings(request, who, status, soda_campaign):
    person = request.getfixturevalue(who)
    assert person.get(SETTINGS).status_code == status
    if who != "ana":
        assert person.post(SETTINGS, title_en="Mine now").status_code == status


def test_nothing_changed_leaves_no_trace(app, change):
    assert change().status_code == 302
    assert acts(app) == []
    assert ask(app, lambda campaign: board_seq(campaign.board)) == 0


def test_words_change_and_the_history_says_so(app, change):
    change(title_en="The bottle of tomorrow", why="It became a bottle.")
    assert ask(app, lambda campaign: campaign.texts["en"].title) == "The bottle of tomorrow"
    said = {"en": {"title": ["The can of tomorrow", "The bottle of tomorrow"]}}
    assert acts(app) == [("campaign.changed", {"changes": {"texts": said}}, "It became a bottle.")]
    assert ask(app, lambda campaign: board_seq(campaign.board)) == 1


def test_a_published_brief_that_is_rewritten_stays_readable_as_it_was(app, ana, change):
    change(
        brief_en="What would you change?\n\n**First of all**, the cap.",
        gift_en="Whatever you drink in a year, sent to your home",
        title_max="150",
    )
    [(_what, details, _why)] = acts(app)
    assert details["changes"]["texts"]["en"] == {
        "brief": ["What would you change?", "What would you change?\n\n**First of all**, the cap."],
        "gift": ["A crate.", "Whatever you drink in a year, sent to your home"],
    }
    assert details["changes"]["title_max"] == [120, 150]
    page = ana.get("/campaigns/soda/history").text
    assert "the title’s greatest length: from 120 to 150" in page
    assert "Brief (English)" in page
    assert "<ins><p><strong>First of all</strong>, the cap.</p>" in page
    assert "<del><p>A crate.</p>" in page


def test_categories_and_tags_that_changed_are_in_the_history_as_they_were(app, ana, change):
    fields = shown(ana.get(SETTINGS).text)
    [category] = [name for name, value in fields.items() if value == "The can"]
    [tag] = [name for name, value in fields.items() if value == "studied"]
    change(**{category: "The <tin>", tag: "examined", "visibility": "unlisted"})
    [(_what, details, _why)] = acts(app)
    changes = details["changes"]
    assert changes["categories"][0] == [{"en": "The can", "fr": "La canette"}]
    assert changes["categories"][1] == [{"en": "The <tin>", "fr": "La canette"}]
    assert changes["tags"] == [[{"name": "studied", "staff_only": True}, {"name": "examined", "staff_only": True}]]
    page = ana.get("/campaigns/soda/history").text
    assert "the categories: from The can to The &lt;tin&gt;" in page
    assert "studied (the team’s) → examined (the team’s)" in page
    assert "who sees it: from Everybody to Whoever has the link" in page


def test_what_was_written_down_before_texts_were_kept_is_still_told(app, ana, cast, soda_campaign):
    with app.app_context():
        campaign = db.session.get_one(Campaign, soda_campaign)
        record("campaign.changed", campaign, changed=["texts", "tags"])
        db.session.commit()
    assert "the texts · the tags" in ana.get("/campaigns/soda/history").text


def test_dates_move_and_the_history_says_from_when_to_when(app, ana, change):
    before = ask(app, lambda campaign: campaign.answers_by)
    moves = {"stages-2-opens_at": "2099-01-01T18:00", "answers_by": "2099-02-01T18:00"}
    assert change(**moves).status_code == 302
    (what, details, _why), (changed, more, _none) = acts(app)
    assert (what, changed) == ("campaign.rescheduled", "campaign.changed")
    assert details["answers_by"] == [before.isoformat(), "2099-02-01T17:00:00+00:00"]
    [[old, new]] = more["changes"]["stages"]
    assert old["opens_at"] < new["opens_at"] == "2099-01-01T17:00:00+00:00"
    page = ana.get("/campaigns/soda/history").text
    assert "Answers by: from " in page
    assert "The outcome: from " in page


def test_the_beginning_stays_once_it_has_begun(change):
    answer = change(**{"stages-0-opens_at": "2026-01-01T09:00"})
    assert answer.status_code == 422
    assert "“The ideas” has begun, so its beginning stays as it was." in unescape(answer.text)


@pytest.mark.parametrize(
    ("field", "more", "less"),
    [
        ("title_min", 5, 20),
        ("title_max", 150, 80),
        ("text_min", 0, 50),
        ("text_max", 9000, 200),
        ("images_max", 8, 0),
    ],
)
def test_published_limits_give_more_room_and_never_less(app, change, field, more, less):
    assert change(**{field: str(more)}).status_code == 302
    answer = change(**{field: str(less)})
    assert answer.status_code == 422
    assert (
        sentence_at(answer.text, field)
        == "People write by the limit that you published. It can give them more room, not less."
    )
    assert ask(app, lambda campaign: getattr(campaign, field)) == more


def test_a_published_language_stays(app, change):
    answer = change(title_fr="", lead_fr="", brief_fr="", gift_fr="")
    assert answer.status_code == 422
    assert (
        sentence_at(answer.text, "title_fr")
        == "The campaign was published with this text. It can be changed, not taken away."
    )
    assert ask(app, lambda campaign: campaign.languages) == ["en", "fr"]


@pytest.mark.parametrize("kind", ["brief", "gift"])
def test_a_published_brief_and_what_it_promises_stay(change, kind):
    answer = change(**{f"{kind}_en": "", f"{kind}_fr": ""})
    assert (
        sentence_at(answer.text, f"{kind}_en")
        == "The campaign was published with this text. It can be changed, not taken away."
    )


def test_a_published_address_stays(app, change):
    assert change(slug="other").status_code == 302
    assert ask(app, lambda campaign: campaign.slug) == "soda"


def test_a_draft_changes_everything(app, ana, soda_draft):
    page = "/campaigns/next/settings"
    fields = {
        **shown(ana.get(page).text),
        "slug": "later",
        "title_fr": "",
        "lead_fr": "",
        "brief_fr": "",
        "gift_fr": "",
    }
    assert ana.post(page, **{**fields, "title_max": "60", "stages-0-opens_at": "2026-01-01T09:00"}).status_code == 302
    assert ask(app, lambda campaign: (campaign.slug, campaign.languages, campaign.title_max)) == (
        "later",
        ["en"],
        60,
    )


def test_a_draft_can_not_move_to_a_taken_address(ana, soda_draft, soda_campaign):
    page = "/campaigns/next/settings"
    answer = ana.post(page, **{**shown(ana.get(page).text), "slug": "soda"})
    assert answer.status_code == 422
    assert sentence_at(answer.text, "slug") == "Another campaign lives at this address. Choose another."


def test_a_category_without_ideas_can_go_and_one_with_ideas_stays(app, change, soda_idea):
    category = ask(app, lambda campaign: campaign.categories[0].id)
    with app.app_context():
        db.session.get_one(Idea, soda_idea).category_id = category
        db.session.commit()
    answer = change(**{"categories-0-name_en": "", "categories-0-name_fr": "", "tags-0-name": "winter"})
    assert answer.status_code == 422
    assert "There are ideas in “The can”, so it stays." in answer.text
    assert ask(app, lambda campaign: sorted(tag.name for tag in campaign.tags)) == ["studied", "summer"]

    with app.app_context():
        db.session.get_one(Idea, soda_idea).category_id = None
        db.session.commit()
    assert change(**{"categories-0-name_en": "", "categories-0-name_fr": ""}).status_code == 302
    assert ask(app, lambda campaign: campaign.categories) == []


def test_a_renamed_category_is_the_same_category(app, change):
    before = ask(app, lambda campaign: (campaign.categories[0].id, campaign.categories[0].slug))
    change(
        **{
            "categories-0-name_en": "The bottle",
            "categories-1-name_en": "The cap",
            "categories-1-position": "1",
        }
    )
    found = ask(
        app,
        lambda campaign: [(category.name, category.id, category.slug) for category in campaign.categories],
    )
    assert found[1] == ("The bottle", *before)
    assert found[0][0] == "The cap"


def test_a_category_of_another_campaign_is_out_of_reach(app, ana, change, soda_draft):
    with app.app_context():
        other = Category(campaign_id=soda_draft, slug="other", names={"en": "Other"})
        tag = Tag(campaign_id=soda_draft, slug="other", name="other")
        db.session.add_all([other, tag])
        db.session.commit()
        ids = other.id, tag.id
    change(
        **{
            "categories-1-id": str(ids[0]),
            "categories-1-name_en": "",
            "tags-2-id": str(ids[1]),
            "tags-2-name": "",
        }
    )
    with app.app_context():
        assert db.session.get(Category, ids[0]) is not None
        assert db.session.get(Tag, ids[1]) is not None


def test_tags_that_came_meanwhile_stay(app, ana, change, soda_campaign):
    fields = shown(ana.get(SETTINGS).text)
    with app.app_context():
        db.session.add(Tag(campaign_id=soda_campaign, slug="new", name="new"))
        db.session.commit()
    ana.post(SETTINGS, **{**fields, "tags-0-name": "seen by us"})
    assert ask(app, lambda campaign: sorted(tag.name for tag in campaign.tags)) == [
        "new",
        "seen by us",
        "summer",
    ]


def test_more_tags_than_a_form_holds_keep_it_open_and_stay(app, ana, soda_campaign):
    with app.app_context():
        names = [f"t{number}" for number in range(300)]
        db.session.add_all(Tag(campaign_id=soda_campaign, slug=name, name=name) for name in names)
        db.session.add(Tag(campaign_id=soda_campaign, slug="looked-at", name="looked at", staff_only=True))
        db.session.commit()
    before = ask(app, lambda campaign: sorted(tag.name for tag in campaign.tags))
    page = ana.get(SETTINGS)
    assert page.status_code == 200
    fields = shown(page.text)
    assert fields["tags-0-name"] == "looked at"  # The team’s own come first.
    assert ana.post(SETTINGS, **fields).status_code == 302
    assert ask(app, lambda campaign: sorted(tag.name for tag in campaign.tags)) == before


def test_seconds_that_a_form_does_not_know_are_not_lost(app, change):
    moment = now().replace(second=42, microsecond=7) + timedelta(days=40)
    with app.app_context():
        db.session.execute(db.update(Campaign).values(answers_by=moment))
        db.session.commit()
    change(title_en="Another title altogether")
    assert ask(app, lambda campaign: campaign.answers_by) == moment


def test_who_sees_it_can_change_and_takes_hold_at_once(change, bea, ana):
    assert bea.get("/campaigns/soda/brief").status_code == 200
    change(visibility="members")
    assert bea.get("/campaigns/soda/brief").status_code == 404
    assert ana.get("/campaigns/soda/brief").status_code == 200


def test_the_settings_ask_the_same_of_the_database_however_many_tags_there_are(app, ana, queries, soda_campaign):
    with queries() as few:
        ana.get(SETTINGS)
    with app.app_context():
        db.session.add_all(Tag(campaign_id=soda_campaign, slug=f"t{number}", name=f"t{number}") for number in range(20))
        db.session.commit()
    with queries() as many:
        ana.get(SETTINGS)
    assert len(many) == len(few)


def test_publication_keeps_its_day(app, change):
    with app.app_context():
        before = db.session.scalars(db.select(Publication.at)).one()
    change(title_en="Another title altogether")
    with app.app_context():
        assert db.session.scalars(db.select(Publication.at)).one() == before


@pytest.mark.parametrize("number", ["²", "٣", "9" * 5000, "-1", ""])
def test_rows_with_made_up_numbers_ask_for_nothing(app, change, number):
    made_up = {f"categories-{number}-name_en": "Made up", f"tags-{number}-name": "made up"}
    assert change(**made_up).status_code == 302
    assert "Made up" not in ask(app, lambda campaign: [category.names.get("en") for category in campaign.categories])
    assert acts(app) == []


@pytest.mark.parametrize("key", ["x\x00", "x" * 100_000, "é" * 32, "'"])
def test_a_made_up_cover_is_none(app, change, key):
    assert change(cover_key=key, cover_alt="A red bottle", then="preview").status_code == 200
    assert change(cover_key=key, cover_alt="A red bottle").status_code == 302
    assert ask(app, lambda campaign: campaign.cover) is None


def test_a_cover_described_in_other_words_is_in_the_history(app, ana, change):
    change_with = {**shown(ana.get(SETTINGS).text), "cover_alt": "A red bottle"}
    assert ana.post(SETTINGS, data={**change_with, "cover": (picture(), "cover.jpg")}).status_code == 302
    assert change(cover_alt="A red bottle on a table").status_code == 302
    assert ask(app, lambda campaign: campaign.cover.alt) == "A red bottle on a table"
    first, second = (details["changes"]["cover"] for _what, details, _why in acts(app))
    assert first[0] is None
    assert first[1]["alt"] == second[0]["alt"] == "A red bottle"
    assert second[1]["alt"] == "A red bottle on a table"


@pytest.fixture
def colleague(app, cast, bea):
    """bea, who manages the brand with ana."""
    with app.app_context():
        brand = db.session.scalars(db.select(Brand).filter_by(slug="soda")).one()
        db.session.add(Membership(brand=brand, person_id=cast["bea"], role="manager"))
        db.session.commit()
    return bea


def test_an_older_page_does_not_put_back_what_a_colleague_changed(app, ana, colleague, change, soda_campaign):
    older = shown(colleague.get(SETTINGS).text)
    assert change(lead_en="For every hand", lead_fr="Pour toute main").status_code == 302
    refused = colleague.post(SETTINGS, **{**older, "gift_en": "Two crates.", "gift_fr": "Deux caisses."})
    assert refused.status_code == 422
    assert "Ana has changed the settings since you opened this page." in refused.text
    assert "Two crates." in refused.text
    assert ask(app, lambda campaign: (campaign.texts["en"].lead, campaign.texts["en"].gift)) == (
        "For every hand",
        "A crate.",
    )
    again = shown(refused.text)
    assert colleague.post(SETTINGS, **again).status_code == 302  # They have seen it, and mean it.
    assert ask(app, lambda campaign: (campaign.texts["en"].lead, campaign.texts["en"].gift)) == ("", "Two crates.")


def test_who_changes_nothing_on_an_older_page_is_not_refused(ana, colleague, change):
    change(lead_en="For every hand", lead_fr="Pour toute main")
    older = shown(colleague.get(SETTINGS).text)
    change(lead_en="For a hand", lead_fr="Pour une main")
    change(lead_en="For every hand", lead_fr="Pour toute main")
    assert colleague.post(SETTINGS, **older).status_code == 302


def test_somebody_may_go_back_to_a_page_of_their_own(ana, soda_campaign):
    page = shown(ana.get(SETTINGS).text)
    for lead in ("For a hand", "For every hand"):
        assert ana.post(SETTINGS, **{**page, "lead_en": lead, "lead_fr": lead}).status_code == 302

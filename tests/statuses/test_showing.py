"""Where ideas stand is on the board, in its filter, on the socket and in the export, and tells no sealed figure."""

import csv
import io
import json

import pytest

from campaign.board.live import CampaignBoard
from campaign.exchange.exporting import as_csv, as_json
from campaign.extensions import db
from campaign.ideas.models import Idea
from campaign.ideas.totals import tags_in_use
from campaign.live import Audience
from campaign.statuses.lists import tags_and_stands
from tests.campaign_cast import suggest


@pytest.fixture
def declined(ana, soda_idea):
    ana.post(f"/ideas/{soda_idea}/status", status="declined", reason="No.", read="0")
    return soda_idea


def test_the_board_is_filtered_by_it(app, cast, nobody, soda_campaign, declined):
    suggest(app, soda_campaign, cast["carl"], "A can that sings", lot=7)
    board = nobody.get("/campaigns/soda").text
    assert "status=declined#results" in board
    assert "A can that sings" in board
    found = nobody.get("/campaigns/soda?status=declined").text
    assert "A can you can reseal" in found
    assert f'<li class="idea" id="idea-{declined}"' in found
    assert found.count('<li class="idea"') == 1
    assert "at “Declined”" in found
    assert nobody.get("/campaigns/soda?status=elsewhere").text.count('<li class="idea"') == 0


def test_withdrawn_ideas_are_not_counted(people, campaign, resealable, stands):
    from campaign.ideas.models import Withdrawal

    stands("planned")
    assert [(stand.key, stand.ideas) for stand in tags_and_stands(campaign)[1]] == [("planned", 1)]
    resealable.withdrawal = Withdrawal(reason="Said twice.")
    db.session.flush()
    assert tags_and_stands(campaign)[1] == []


def test_tags_come_with_it_as_before(people, campaign, resealable, stands):
    resealable.tags = list(campaign.tags)
    stands("planned")
    tags, stood = tags_and_stands(campaign)
    assert [tuple(tag[:3]) for tag in tags] == [tuple(tag) for tag in tags_in_use(campaign)]
    assert [(tag.slug, tag.name, tag.count) for tag in tags] == [("studied", "studied", 1), ("summer", "summer", 1)]
    assert [stand.name for stand in stood] == ["Planned"]


@pytest.mark.parametrize(("language", "name"), [("en", "Declined"), ("fr", "Écartée")])
def test_the_socket_tells_it(app, soda_campaign, declined, language, name):
    board, audience = f"campaign-{soda_campaign}", Audience("public", language)
    with app.app_context():
        figures = CampaignBoard().figures(board)
        [card] = CampaignBoard().present(board, {"ideas": [declined]}, audience, figures)["ideas"]
        assert card["status"]["key"] == card["status"]["kind"] == "declined"
        assert card["status"]["name"] in (name, "Declined")  # French comes with the catalogue.
        assert card["qualified"] is False
        assert CampaignBoard().snapshot(board, audience, figures)["statuses"] == {str(declined): "declined"}


def test_the_files_tell_it(people, campaign, resealable, stands):
    stands("declined")
    told = json.loads("".join(as_json(campaign)))
    assert (told["ideas"][0]["status"], told["ideas"][0]["status_kind"]) == ("Declined", "declined")
    assert [status["key"] for status in told["campaign"]["statuses"]][:2] == ["new", "under-review"]
    [line] = csv.DictReader(io.StringIO("".join(as_csv(campaign)).lstrip("\ufeff")))
    assert (line["status"], line["status_kind"], line["qualified_at"]) == ("Declined", "declined", "")


def test_pages_ask_no_more_where_ideas_stand_somewhere(app, carl, ana, cast, soda_campaign, declined, queries):
    for page, most in (("/campaigns/soda?order=new", 23), (f"/ideas/{declined}", 24)):
        carl.get(page)
        with queries() as asked:
            carl.get(page)
        assert len(asked) <= most, "\n".join(asked)


def test_a_long_history_asks_no_more(app, ana, carl, soda_idea, queries):
    def look():
        carl.get(f"/ideas/{soda_idea}")
        with queries() as asked:
            page = carl.get(f"/ideas/{soda_idea}").text
        return len(asked), page

    ana.post(f"/ideas/{soda_idea}/status", status="planned", reason="One.", read="0")
    few, _page = look()
    with app.app_context():
        from campaign.accounts.models import Person
        from campaign.statuses.actions import set_status

        idea, by = db.session.get_one(Idea, soda_idea), db.session.scalars(db.select(Person)).first()
        for step in range(6):
            set_status(idea, by, "declined" if step % 2 == 0 else "planned", f"Reason {step}.", freely=True)
        db.session.commit()
    many, page = look()
    assert many == few
    assert page.index("Reason 5.") < page.index("Reason 4.") < page.index("One.")

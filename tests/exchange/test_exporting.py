"""What a campaign gathered leaves it as a file that programs and spreadsheets can read."""

import csv
import json
from decimal import Decimal
from io import StringIO

import pytest
from werkzeug.datastructures import FileStorage

from campaign.campaigns.models import Tag
from campaign.clock import now
from campaign.documents import keep_document
from campaign.exchange.exporting import COLUMNS, as_csv, as_json
from campaign.extensions import db
from campaign.ideas.attaching import show_documents, show_pictures
from campaign.ideas.models import Withdrawal
from campaign.images import keep_image
from campaign.methods.versions import Wanted, make_version
from campaign.settings import ROOT
from tests.campaign_cast import suggest
from tests.pictures import pdf, picture
from tests.voting import cast_vote


def json_of(campaign):
    return json.loads("".join(as_json(campaign)))


def lines_of(campaign):
    return list(csv.DictReader(StringIO("".join(as_csv(campaign)).removeprefix("\ufeff"), newline="")))


def test_the_campaigns_texts_and_dates_are_there(campaign):
    told = json_of(campaign)["campaign"]
    assert (told["slug"], told["brand"], told["visibility"], told["closed_at"]) == ("soda", "soda", "public", None)
    assert list(told["texts"]) == ["en", "fr"]
    assert told["texts"]["fr"]["title"] == "La canette de demain"
    assert told["categories"] == [{"slug": "can", "names": {"en": "The can", "fr": "La canette"}}]
    assert [stage["kind"] for stage in told["stages"]] == ["conception", "vote", "outcome"]
    assert told["stages"][1]["opens_at"] == campaign.stages[1].opens_at.isoformat().replace("+00:00", "Z")
    assert (told["stages"][1]["method"], told["stages"][1]["method_settings"]) == ("approval", {"seats": 1})
    assert (told["stages"][1]["accepts_votes"], told["stages"][1]["accepts_ideas"]) == (True, False)
    assert told["ends_at"] is None


def test_how_people_vote_in_each_stage_is_there(campaign):
    conception, vote, outcome = campaign.stages
    conception.accepts_votes = False
    vote.method, vote.method_settings = "budget", {"budget": 5000, "seats": 3}
    db.session.commit()
    stages = json_of(campaign)["campaign"]["stages"]
    voting = [[stage[name] for name in ("method", "method_settings", "voting_version")] for stage in stages]
    assert voting == [[None, None, None], ["budget", {"budget": 5000}, 1], [None, None, None]]
    assert [stage["id"] for stage in stages] == [conception.id, vote.id, outcome.id]
    assert stages[1]["ends_at"] == stages[2]["opens_at"]
    assert stages[2]["ends_at"] is None


def test_the_version_of_how_people_vote_is_told_with_its_numbers(people, campaign, resealable):
    campaign.stage.method_settings = {"cap": 2}
    cast_vote(resealable, people.carl, "carls-vote")
    db.session.commit()
    make_version(campaign, people.ana, Wanted(after=1, why="Many asked for it.", room=4))
    stage = json_of(campaign)["campaign"]["stages"][0]
    assert (stage["method"], stage["method_settings"], stage["voting_version"]) == (
        "approval",
        {"cap": 4, "seats": 1},
        2,
    )


def test_everything_about_an_idea_is_there(resealable, campaign):
    resealable.tags = db.session.scalars(db.select(Tag).order_by(Tag.name)).all()
    resealable.category = campaign.categories[0]
    resealable.cost, resealable.place, resealable.key = Decimal("1200.50"), "Lyon", "csv-1"
    image, document = (
        keep_image(picture().getvalue()),
        keep_document(FileStorage(pdf(), "plan.pdf"), by=resealable.author),
    )
    show_pictures(resealable, [image])
    show_documents(resealable, [document])
    resealable.votes, resealable.comments, resealable.answered_at = 3, 2, now()
    resealable.withdrawal = Withdrawal(reason="Said better elsewhere.")
    db.session.commit()
    idea = {
        "id": resealable.id,
        "key": "csv-1",
        "title": "A can you can reseal",
        "text": "With a cap that turns.",
        "author": "Bea",
        "coauthors": [],
        "coauthors_disclosed": [],
        "language": "en",
        "category": "The can",
        "tags": ["studied", "summer"],
        "licence": "own",
        "rules": None,
        "builds_on": None,
        "disclosed": None,
        "received": None,
        "parent": None,
        "cost": "1200.50",
        "place": "Lyon",
        "pictures": [image.url()],
        "documents": [document.url],
        "submitted_at": resealable.submitted_at.isoformat(timespec="seconds").replace("+00:00", "Z"),
        "version": 1,
        "votes": 3,
        "unconfirmed": 0,
        "comments": 2,
        "feedback": 0,
        "mark": None,
        "answered": True,
        "status": None,
        "status_kind": None,
        "qualified_at": None,
        "withdrawn": "Said better elsewhere.",
        "merged_into": None,
        "retired_for": None,
        "recorded": None,
        "recorded_by": None,
        "recorded_at_event": None,
        "votes_on_paper": 0,
    }
    assert json_of(campaign)["ideas"] == [idea]
    kept_apart = ("merged_into", "retired_for", "status", "status_kind", "qualified_at")
    kept_apart += ("recorded", "recorded_by", "recorded_at_event")
    nothing = dict.fromkeys(("rules", "builds_on", "disclosed", "received", *kept_apart), "")
    in_csv = {
        **idea,
        **nothing,
        "id": str(resealable.id),
        "version": "1",
        "coauthors": "",
        "coauthors_disclosed": "",
        "parent": "",
        "votes": "3",
        "unconfirmed": "0",
        "votes_on_paper": "0",
        "comments": "2",
        "feedback": "0",
        "mark": "",
    }
    assert lines_of(campaign) == [
        {**in_csv, "tags": "studied|summer", "pictures": image.url(), "documents": document.url, "answered": "yes"}
    ]


def test_nobodys_address_leaves_the_house(resealable, campaign):
    for pieces in (as_json(campaign), as_csv(campaign)):
        assert "@" not in "".join(pieces)


def test_a_campaign_without_ideas_is_a_sound_file(campaign):
    assert json_of(campaign)["ideas"] == []
    assert lines_of(campaign) == []


def test_every_idea_is_there_once_and_only_this_campaigns(app, people, campaign, draft):
    for number in range(3):
        suggest(app, campaign.id, people.bea.id, f"Idea {number}")
    suggest(app, draft.id, people.bea.id, "Another campaign's")
    titles = ["Idea 0", "Idea 1", "Idea 2"]
    assert [idea["title"] for idea in json_of(campaign)["ideas"]] == titles
    assert [line["title"] for line in lines_of(campaign)] == titles


@pytest.mark.parametrize(
    "title",
    [
        "=1+1",
        '=HYPERLINK("https://example.org")',
        "+33 6",
        "-5 %",
        "@home",
        "\t=1+1",
        "\r=1",
        "＝1+1",
        "＋33 6",
        "－5 %",
        "＠home",
        "﹦1",
    ],
)
def test_a_cell_that_a_spreadsheet_would_run_is_text(resealable, campaign, title):
    resealable.title = title
    db.session.commit()
    assert lines_of(campaign)[0]["title"] == f"'{title}"
    assert json_of(campaign)["ideas"][0]["title"] == title


def test_quotation_marks_line_breaks_and_emoji_survive(resealable, campaign):
    resealable.text = 'He said: "reseal"; twice,\nand 🥤 too.'
    db.session.commit()
    assert lines_of(campaign)[0]["text"] == resealable.text == json_of(campaign)["ideas"][0]["text"]


def test_the_dictionary_in_the_docs_has_every_column():
    words = (ROOT / "docs" / "exporting.md").read_text()
    documented = [line.split("`")[1] for line in words.splitlines() if line.startswith("| `")]
    assert documented == list(COLUMNS)


# The command


def test_the_command_writes_a_file(run, election, tmp_path):
    run("import", "pabulib", election, "--brand", "town", "--slug", "street")
    done = run("export", "street", "--format", "csv", "--output", tmp_path / "ideas.csv")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    lines = list(csv.DictReader((tmp_path / "ideas.csv").read_text("utf-8-sig").splitlines()))
    assert [line["key"] for line in lines] == ["pabulib-p1", "pabulib-p2", "pabulib-p3"]


def test_what_cant_be_exported_is_one_sentence_and_leaves_no_file(run, election, tmp_path):
    (tmp_path / "here").mkdir()
    done = run("export", "street", "--output", tmp_path / "here" / "ideas.json")
    assert (done.returncode, done.stderr) == (1, "Error: There is no campaign 'street'.\n")
    run("import", "pabulib", election, "--brand", "town", "--slug", "street")
    for output, reason in (("missing/ideas.json", "No such file or directory"), ("here", "Is a directory")):
        done = run("export", "street", "--output", tmp_path / output)
        assert (done.returncode, done.stderr) == (1, f"Error: {tmp_path / output} can't be written: {reason}.\n")
    assert not list((tmp_path / "here").iterdir())

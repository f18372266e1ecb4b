"""Files become campaigns whole, or not at all."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from campaign.accounts.models import Person
from campaign.brands.access import may
from campaign.brands.actions import ConfirmFirst
from campaign.brands.models import Brand, Membership
from campaign.campaigns.access import may_on
from campaign.campaigns.actions import close_campaign
from campaign.campaigns.models import Campaign
from campaign.clock import now
from campaign.exchange.budgets import import_pabulib
from campaign.exchange.conversations import import_polis
from campaign.exchange.opening import (
    CampaignThere,
    NamedAlready,
    NewCampaign,
    NobodyThere,
    OwnedByOthers,
    SlugUnusable,
    VoteOver,
)
from campaign.exchange.plainly import counting
from campaign.exchange.readers import ideas_csv, pabulib, polis
from campaign.exchange.readers.errors import BadFile
from campaign.exchange.spreadsheets import import_csv, import_csv_into
from campaign.extensions import db
from campaign.history import Entry
from campaign.ideas.filtering import Wish
from campaign.ideas.listing import list_ideas
from campaign.ideas.models import Idea
from tests.exchange.conftest import ELECTION


@pytest.fixture
def inside(app):
    with app.app_context():
        yield


def wanted(**given):
    return NewCampaign(
        **{"brand": "town", "slug": "street", "until": now() + timedelta(days=3), "language": "fr", **given}
    )


def nothing_is_there():
    db.session.rollback()
    return not any(db.session.scalar(db.select(model.id)) for model in (Campaign, Brand, Idea, Person))


def written(tmp_path, text):
    path = tmp_path / "written"
    path.write_text(text)
    return path


# A participatory budget


def test_a_participatory_budget_becomes_an_open_campaign(inside, election):
    campaign = import_pabulib(pabulib.read(election), wanted()).campaign
    db.session.commit()
    assert campaign.accepts_votes
    assert campaign.visibility == "public"
    assert campaign.brand.name == "Town"
    assert campaign.languages == ["fr"]
    assert "Villefleur" in campaign.texts["fr"].title
    assert campaign.texts["fr"].brief.startswith("Un budget participatif.")
    assert [category.names for category in campaign.categories] == [{"fr": "Rue"}, {"fr": "Nature"}]


def test_its_english_description_is_said_in_english_only(inside, election):
    campaign = import_pabulib(pabulib.read(election), wanted(language="en")).campaign
    assert campaign.texts["en"].brief.startswith("Ideas for our street")


@pytest.mark.parametrize(
    ("language", "said"),
    [("fr", "du 3 octobre 2022 au 1er novembre 2022"), ("en", "from 3 October 2022 to 1 November 2022")],
)
def test_its_dates_are_said_in_words_of_the_campaigns_language(inside, tmp_path, language, said):
    dated = ELECTION.replace("currency;EUR", "currency;EUR\ndate_begin;03.10.2022\ndate_end;2022-11-01")
    campaign = import_pabulib(pabulib.read(written(tmp_path, dated)), wanted(language=language)).campaign
    assert said in campaign.texts[language].brief


def test_a_date_written_in_no_known_way_is_said_as_it_is(inside, tmp_path):
    dated = ELECTION.replace("currency;EUR", "currency;EUR\ndate_begin;autumn 2022\ndate_end;2023")
    campaign = import_pabulib(pabulib.read(written(tmp_path, dated)), wanted(language="en")).campaign
    assert "from autumn 2022 to 2023" in campaign.texts["en"].brief


def test_its_projects_become_ideas_with_category_cost_and_place(inside, election):
    import_pabulib(pabulib.read(election), wanted())
    db.session.commit()
    bench, playground, shelf = db.session.scalars(db.select(Idea).order_by(Idea.id))
    assert (bench.key, bench.title, bench.cost, bench.place, bench.category.slug) == (
        "pabulib-p1",
        "Un banc face au soleil",
        Decimal(4000),
        "Nord",
        "rue",
    )
    assert playground.title == 'Une aire de jeux "OASIS"; avec des arbres'
    assert (shelf.category, shelf.cost, shelf.votes) == (None, Decimal("120.50"), 0)
    assert [version.title for version in shelf.versions] == ["Étagère à livres"]
    assert bench.author == shelf.author
    assert bench.author.password_hash is None


def test_imported_ideas_are_found_by_their_words(inside, election):
    campaign = import_pabulib(pabulib.read(election), wanted()).campaign
    db.session.commit()
    assert [idea.key for idea in list_ideas(campaign, Wish(query="etageres")).ideas] == ["pabulib-p3"]


def test_a_name_too_long_for_a_title_is_whole_in_the_text(inside, tmp_path):
    name = "Un banc " + "très " * 60 + "long"
    file = written(tmp_path, ELECTION.replace("Un banc face au soleil", name))
    import_pabulib(pabulib.read(file), wanted())
    idea = db.session.scalars(db.select(Idea).filter_by(key="pabulib-p1")).one()
    assert len(idea.title) <= 200
    assert idea.title.endswith("très…")
    assert idea.text == name


def test_an_amount_that_is_not_in_euros_is_told_with_its_currency(inside, tmp_path):
    file = written(tmp_path, ELECTION.replace("currency;EUR", "currency;PLN"))
    import_pabulib(pabulib.read(file), wanted(language="en"))
    idea = db.session.scalars(db.select(Idea).filter_by(key="pabulib-p2")).one()
    assert (idea.cost, idea.text) == (None, "Cost: 7,500 PLN")


def test_two_campaigns_may_come_from_one_file(inside, election):
    for slug in ("street", "street-again"):
        import_pabulib(pabulib.read(election), wanted(slug=slug))
    db.session.commit()
    assert db.session.scalar(db.select(db.func.count()).select_from(Idea)) == 6
    assert db.session.scalar(db.select(db.func.count()).select_from(Brand)) == 1


@pytest.mark.parametrize("slug", ["", "Street", "my street", "rue-é", "-street", "x" * 300])
def test_a_slug_that_cant_stand_in_an_address_is_refused(inside, election, slug):
    for where in ("slug", "brand"):
        with pytest.raises(SlugUnusable):
            import_pabulib(pabulib.read(election), wanted(**{where: slug}))
    assert nothing_is_there()


def test_a_brand_at_an_address_of_the_product_is_refused(inside, election):
    with pytest.raises(SlugUnusable):
        import_pabulib(pabulib.read(election), wanted(brand="new"))
    assert nothing_is_there()


def test_a_campaign_that_is_there_is_not_touched(people, campaign, election):
    with pytest.raises(CampaignThere):
        import_pabulib(pabulib.read(election), wanted(brand="soda", slug="soda"))
    db.session.rollback()
    assert db.session.scalar(db.select(Idea.id)) is None


def test_a_vote_that_would_be_over_is_refused(inside, election):
    with pytest.raises(VoteOver):
        import_pabulib(pabulib.read(election), wanted(until=now() - timedelta(seconds=1)))
    assert nothing_is_there()


def test_a_brand_is_made_for_its_owner(people, election):
    campaign = import_pabulib(pabulib.read(election), wanted(owner="BEA@example.org")).campaign
    owners = db.select(Membership.person_id).filter_by(brand_id=campaign.brand_id, role="owner")
    assert db.session.scalars(owners).all() == [people.bea.id]


def test_nobody_becomes_owner_of_a_brand_that_is_there(people, election):
    with pytest.raises(OwnedByOthers):
        import_pabulib(pabulib.read(election), wanted(brand="soda", owner="bea@example.org"))
    import_pabulib(pabulib.read(election), wanted(brand="soda", owner="ana@example.org"))


def test_a_brand_that_was_made_without_an_owner_gets_one_who_can_change_all_of_it(people, election):
    first = import_pabulib(pabulib.read(election), wanted()).campaign
    db.session.commit()
    assert not may(people.bea, "own", first.brand_id)
    import_pabulib(pabulib.read(election), wanted(slug="again", owner="bea@example.org"))
    db.session.commit()
    assert may_on(people.bea, "own", first)
    entry = db.session.scalars(db.select(Entry).where(Entry.what == "member.joined")).one()
    assert (entry.subject, entry.subject_id, entry.by_id) == ("brand", first.brand_id, people.bea.id)
    assert entry.details == {"role": "owner", "campaign": None}
    close_campaign(first, people.bea)
    import_pabulib(pabulib.read(election), wanted(slug="once-more", owner="bea@example.org"))
    with pytest.raises(OwnedByOthers):
        import_pabulib(pabulib.read(election), wanted(slug="and-more", owner="carl@example.org"))
    owners = db.select(Membership.person_id).filter_by(brand_id=first.brand_id, role="owner")
    assert db.session.scalars(owners).all() == [people.bea.id]


def test_who_worked_for_a_brand_without_an_owner_may_come_to_own_it(people, election):
    brand = import_pabulib(pabulib.read(election), wanted()).campaign.brand
    db.session.add(Membership(brand=brand, person=people.bea, role="analyst"))
    db.session.commit()
    import_pabulib(pabulib.read(election), wanted(slug="again", owner="bea@example.org"))
    roles = db.select(Membership.role).filter_by(brand_id=brand.id, person_id=people.bea.id)
    assert db.session.scalars(roles).all() == ["owner"]


def test_who_never_confirmed_their_address_gets_no_brand(people, election):
    import_pabulib(pabulib.read(election), wanted())
    people.bea.confirmed_at = None
    db.session.commit()
    with pytest.raises(ConfirmFirst):
        import_pabulib(pabulib.read(election), wanted(slug="again", owner="bea@example.org"))
    db.session.rollback()
    assert db.session.scalar(db.select(Membership.id).join(Membership.brand).where(Brand.slug == "town")) is None


def test_an_owner_without_an_account_is_refused(inside, election):
    with pytest.raises(NobodyThere):
        import_pabulib(pabulib.read(election), wanted(owner="nobody@example.org"))
    assert nothing_is_there()


def test_a_brand_is_called_like_its_address_or_as_was_said(inside, election, conversation):
    import_pabulib(pabulib.read(election), wanted(brand="ville-fleur"))
    import_polis(polis.read(conversation), wanted(brand="street", slug="talk"))
    import_polis(polis.read(conversation), wanted(brand="other", slug="again", brand_name="Rue & Cie"))
    assert db.session.scalars(db.select(Brand.name).order_by(Brand.id)).all() == ["Ville Fleur", "Street", "Rue & Cie"]
    with pytest.raises(NamedAlready):
        import_polis(polis.read(conversation), wanted(brand="other", slug="more", brand_name="Route & Cie"))


# A conversation


def test_a_conversation_becomes_a_campaign_without_what_was_rejected(inside, conversation):
    campaign = import_polis(polis.read(conversation), wanted(language="en")).campaign
    db.session.commit()
    assert campaign.texts["en"].title == "What does our street need?"
    ideas = db.session.scalars(db.select(Idea).order_by(Idea.id)).all()
    assert [(idea.key, idea.title, idea.author.name) for idea in ideas] == [
        ("polis-5", "Fewer cars.", "Participant 3"),
        ("polis-7", "More benches, please.", "Participant 4"),
    ]
    assert ideas[0].submitted_at == datetime(2017, 7, 14, 2, 40, 1, tzinfo=UTC)


# A spreadsheet


def test_a_spreadsheet_becomes_a_campaign(inside, spreadsheet):
    campaign = import_csv(ideas_csv.read(spreadsheet), wanted(brand="cafe", slug="next-shop")).campaign
    db.session.commit()
    assert campaign.texts["fr"].title == "Next shop"
    wall, counter, music = db.session.scalars(db.select(Idea).order_by(Idea.id))  # In the order of their times.
    assert (counter.title, counter.author.name, counter.cost) == (
        "Un comptoir à hauteur de fauteuil",
        "Ousmane D.",
        Decimal("1200.50"),
    )
    assert {tag.name for tag in counter.tags} == {"comptoir", "accueil"}
    assert (wall.author.email, wall.language, wall.category.slug) == ("hannah@example.org", "en", "shop")
    assert wall.submitted_at == datetime(2021, 1, 1, 9, tzinfo=UTC)
    assert (music.author.name, music.language, music.category) == ("Next shop", "fr", None)


def test_an_author_with_an_account_keeps_it(people, campaign, tmp_path):
    lines = ideas_csv.read(
        written(tmp_path, "title,author_name,author_email,category\nA lighter can,B.,Bea@Example.org,can\n")
    )
    import_csv_into(campaign, lines)
    idea = db.session.scalars(db.select(Idea)).one()
    assert idea.author == people.bea
    assert people.bea.name == "Bea"


def test_lines_are_added_to_a_campaign_once(people, campaign, tmp_path):
    lines = ideas_csv.read(
        written(tmp_path, "title,category\nA lighter can,The can\nA rounder can,la canette\nA lighter can,can\n")
    )
    first = import_csv_into(campaign, lines)
    assert (first.ideas, first.known) == (2, 1)
    again = import_csv_into(campaign, lines)
    assert (again.ideas, again.known) == (0, 3)
    assert [entry.details for entry in db.session.scalars(db.select(Entry))] == [{"ideas": 2}]


def test_all_that_doesnt_fit_the_campaign_is_said_by_line(people, campaign, tmp_path):
    campaign.title_max = 20
    text = f"title,category,tags,submitted_at\n{'long ' * 5},can,,\nShort,bottle,,\nShort,,a|b|c|d|e|f,2999-01-01\n"
    with pytest.raises(BadFile) as refused:
        import_csv_into(campaign, ideas_csv.read(written(tmp_path, text)))
    assert str(refused.value).splitlines() == [
        "Line 2: The text in the column “title” is too long: 24 characters, at most 20.",
        "Line 3: The campaign has no category “bottle”.",
        "Line 4: There are 6 tags. At most 5.",
        "Line 4: The time in the column “submitted_at” is still to come.",
        "Line 4: The cell “category” is empty.",
    ]
    assert db.session.scalar(db.select(Idea.id)) is None


def test_more_lines_than_are_written_at_once_all_arrive(inside, tmp_path):
    text = "title,tags,author_name\n" + "".join(f"Idea {n},tag {n % 7},P{n % 600}\n" for n in range(1201))
    counted = []
    imported = import_csv(ideas_csv.read(written(tmp_path, text)), wanted(), counted.append)
    db.session.commit()
    assert imported.ideas == sum(counted) == 1201
    assert db.session.scalar(db.select(db.func.count()).select_from(Idea)) == 1201


# The command


def test_one_idea_is_not_called_ideas(run, tmp_path):
    done = run("import", "csv", written(tmp_path, "title\nA bench in the sun\n"), "--brand", "town", "--slug", "street")
    assert "1 idea imported: " in done.stdout, done.stderr


def test_the_command_imports_and_says_where(run, election, exported):
    done = run("import", "pabulib", election, "--brand", "town", "--slug", "street")
    assert done.returncode == 0, done.stderr
    assert "3 ideas imported: http://127.0.0.1:5000/campaigns/street" in done.stdout
    campaign = exported("street")
    assert len(campaign["ideas"]) == 3
    assert list(campaign["campaign"]["texts"]) == ["fr"]  # A file from France.


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ({"PUBLIC_URL": "https://ideas.example.org/"}, "https://ideas.example.org"),
        ({"HOST": "192.0.2.7", "PORT": "8000"}, "http://192.0.2.7:8000"),
    ],
)
def test_the_address_that_is_printed_is_that_of_the_settings(run, election, tmp_path, database_url, given, address):
    environment = {"DATABASE_URL": database_url, "INSTANCE": str(tmp_path / "instance"), **given}
    done = run("import", "pabulib", election, "--brand", "town", "--slug", "street", environment=environment)
    assert f"3 ideas imported: {address}/campaigns/street" in done.stdout


def test_a_file_that_is_not_there_is_named(run, tmp_path):
    done = run("import", "csv", tmp_path / "ideas.csv", "--brand", "town", "--slug", "street")
    assert done.stderr == f"Error: There is no file “{tmp_path / 'ideas.csv'}”.\n"


def test_the_end_of_the_vote_can_be_chosen(run, election, exported):
    until = (now() + timedelta(days=90)).date()
    run("import", "pabulib", election, "--brand", "town", "--slug", "street", "--until", until)
    end = datetime.fromisoformat(exported("street")["campaign"]["stages"][-1]["opens_at"])
    assert (end + timedelta(hours=2)).date() - timedelta(days=1) == until  # Midnight in Paris.


def test_a_broken_file_is_one_sentence_and_nothing_is_imported(run, tmp_path):
    file = written(tmp_path, ELECTION.replace("12; p2", "12; p4"))
    done = run("import", "pabulib", file, "--brand", "town", "--slug", "street")
    assert done.returncode == 1
    assert done.stderr == "Error: Line 23: The ballot names the project “p4”, which isn’t in PROJECTS.\n"
    assert run("export", "street").stderr == "Error: There is no campaign 'street'.\n"


def test_a_spreadsheet_with_mistakes_names_them_all(run, tmp_path):
    file = written(tmp_path, "title,cost\n,1\nA lighter can,dear\n")
    done = run("import", "csv", file, "--brand", "town", "--slug", "street")
    assert done.returncode == 1
    assert done.stderr == (
        "Error: Nothing was imported.\nLine 2: The cell “title” is empty.\n"
        "Line 3: The cost “dear” isn’t a number, such as 4000 or 4000.50.\n"
    )


def test_what_the_campaign_refuses_is_said_with_what_cant_be_read(run, spreadsheet, tmp_path):
    run("import", "csv", spreadsheet, "--brand", "town", "--slug", "shop")
    file = written(
        tmp_path,
        f"title,cost,category,submitted_at\n,1,bottle,\nA lighter can,dear,shop,2999-01-01\nA can,,{'x' * 61},\nA can,,,\n",
    )
    done = run("import", "csv", file, "--brand", "town", "--campaign", "shop")
    assert done.stderr.splitlines() == [
        "Error: Nothing was imported.",
        "Line 2: The cell “title” is empty.",
        "Line 2: The campaign has no category “bottle”.",
        "Line 3: The cost “dear” isn’t a number, such as 4000 or 4000.50.",
        "Line 3: The time in the column “submitted_at” is still to come.",
        "Line 4: The text in the column “category” is too long: 61 characters, at most 60.",
        "Line 5: The cell “category” is empty.",
    ]


def test_the_command_takes_a_conversation_and_a_spreadsheet(run, conversation, spreadsheet):
    assert "2 ideas" in run("import", "polis", conversation, "--brand", "town", "--slug", "talk").stdout
    assert "3 ideas" in run("import", "csv", spreadsheet, "--brand", "town", "--slug", "shop").stdout
    again = run("import", "csv", spreadsheet, "--brand", "town", "--campaign", "shop")
    assert again.stderr == "Error: Line 4: The cell “category” is empty.\n"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--campaign", "shop"], "There is no campaign 'shop'."),
        (
            ["--campaign", "shop", "--slug", "shop"],
            "Say either --campaign (one that is there) or --slug (one to make).",
        ),
        (["--campaign", "shop", "--title", "Shop"], "--title belongs to a campaign that is made"),
        (["--slug", "shop", "--until", "soon"], "'soon' isn't written like 2026-12-31"),
    ],
)
def test_options_that_make_no_sense_are_refused(run, spreadsheet, arguments, sentence):
    done = run("import", "csv", spreadsheet, "--brand", "town", *arguments)
    assert done.returncode in (1, 2)
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "wrong", [("--brand", "new", "--slug", "street"), ("--brand", "town", "--slug", "street", "--until", "2020-01-01")]
)
def test_what_is_refused_at_once_is_said_alone(run, election, wrong):
    done = run("import", "pabulib", election, *wrong)
    assert done.returncode != 0
    assert "Importing" not in done.stdout + done.stderr


def test_where_no_line_can_be_written_over_each_tenth_is_a_line(capsys):
    with counting(40, "Casting", "ballots cast") as progress:
        for _ballot in range(40):
            progress(1)
    said = capsys.readouterr().out.splitlines()
    assert said == [f"{count} of 40 ballots cast ({count * 5 // 2} %)." for count in range(4, 41, 4)]


def test_it_says_no_tenth_twice_where_steps_are_large(capsys):
    with counting(7, "Importing", "ideas imported") as progress:
        progress(5)
        progress(2)
    assert capsys.readouterr().out == "5 of 7 ideas imported (71 %).\n7 of 7 ideas imported (100 %).\n"

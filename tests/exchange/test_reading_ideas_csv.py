import csv
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from campaign.exchange.readers.errors import BadFile
from campaign.exchange.readers.ideas_csv import COLUMNS, LONGEST, ImportedIdea, read

SOUND = """title,text,author_name,author_email,category,tags,cost,place,language,submitted_at
A bench that faces the sun,"Long enough
for three.",Béatrice L.,Bea@Example.org,Street,wood| sun |wood|,1200.50,Rue Titon,fr,2026-11-02T18:30:00+01:00
"Tea, too",,,,,,,,,
"""


@pytest.fixture
def file(tmp_path):
    def write(text, encoding="utf-8"):
        path = tmp_path / "ideas.csv"
        path.write_bytes(text.encode(encoding))
        return path

    return write


def test_every_column_is_read(file):
    bench, tea = read(file(SOUND))
    assert bench == ImportedIdea(
        line=2,
        title="A bench that faces the sun",
        text="Long enough\nfor three.",
        author_name="Béatrice L.",
        author_email="bea@example.org",
        category="Street",
        tags=("wood", "sun"),
        cost=Decimal("1200.50"),
        place="Rue Titon",
        language="fr",
        submitted_at=datetime(2026, 11, 2, 17, 30, tzinfo=UTC),
    )
    assert tea == ImportedIdea(4, "Tea, too", "", "", "", "", (), None, "", "", None)


@pytest.mark.parametrize(
    "text",
    [
        "title;place\nA bench, and tea;Rue Titon\n",
        "\ufeffTitle;PLACE\r\nA bench, and tea;Rue Titon\r\n;\r\n",
        'place,title\nRue Titon,"A bench, and tea"\n',
        '"title","place"\n"A bench, and tea","Rue Titon"\n',
        '"title";"place"\n"A bench, and tea";"Rue Titon"\n',
    ],
)
def test_comma_and_semicolon_are_told_apart_by_the_header(file, text):
    (idea,) = read(file(text))
    assert (idea.title, idea.place) == ("A bench, and tea", "Rue Titon")


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-02", datetime(2026, 11, 2, tzinfo=UTC)),
        ("2026-11-02 18:30", datetime(2026, 11, 2, 18, 30, tzinfo=UTC)),
        ("2026-11-02T18:30:00Z", datetime(2026, 11, 2, 18, 30, tzinfo=UTC)),
    ],
)
def test_a_time_without_a_zone_is_utc(file, text, moment):
    (idea,) = read(file(f"title,submitted_at\nA bench,{text}\n"))
    assert idea.submitted_at == moment


def test_every_unknown_column_is_named(file):
    with pytest.raises(BadFile) as refused:
        read(file("titel;text;colour;text;\nA bench;;;;\n"))
    assert str(refused.value).splitlines() == [
        "Line 1: The column “titel” is unknown.",
        "Line 1: The column “colour” is unknown.",
        "Line 1: Column 5 has no name.",
        "Line 1: The column “text” is there twice.",
        "Line 1: The column “title” is missing.",
    ]


def test_everything_wrong_is_said_at_once(file):
    with pytest.raises(BadFile) as refused:
        read(
            file(
                "title,author_email,cost,language,submitted_at,tags\n"
                ",bea,-3,french,yesterday,\n"
                "A bench,,,,,\n"
                "A bench,,cheap\n"
                f"{'x' * 201},,,,0001-01-01T00:00+14:00,{'y' * 41}\n"
                'A "bench,,,,,\n'
                '"A bench,,,,,\n'
            )
        )
    assert str(refused.value).splitlines() == [
        "Line 2: The cell “title” is empty.",
        "Line 2: “bea” isn’t an e-mail address.",
        "Line 2: The cost -3 is negative.",
        "Line 2: The language “french” isn’t a code of two letters, such as fr or en.",
        "Line 2: The time “yesterday” isn’t written like 2026-11-02 or 2026-11-02T18:30:00+01:00.",
        "Line 4: Columns in the header: 6. In this line: 3.",
        "Line 5: The text in the column “title” is too long: 201 characters, at most 200.",
        "Line 5: The text in the column “tags” is too long: 41 characters, at most 40.",
        "Line 5: The time “0001-01-01T00:00+14:00” isn’t written like 2026-11-02 or 2026-11-02T18:30:00+01:00.",
        "Line 7: The quotation marks in this line don’t match.",
    ]


def test_at_most_twenty_problems_are_shown(file):
    with pytest.raises(BadFile) as refused:
        read(file("title,cost\n" + "A bench,cheap\n" * 27))
    shown = str(refused.value).splitlines()
    assert len(shown) == 21
    assert shown[-1] == "… and 7 more."
    assert len(refused.value.problems) == 27


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "The file is empty"),
        (",,,\n", "The file is empty"),
        ("title,text\n", "There is no idea below the header"),
        ("PK\x03\x04\0\0title", "This isn’t text"),
    ],
)
def test_a_file_without_ideas_is_refused(file, text, words):
    with pytest.raises(BadFile, match=words):
        read(file(text))


def test_another_encoding_is_refused_where_it_shows(file):
    with pytest.raises(BadFile, match="Line 3: This isn’t UTF-8 text"):
        read(file(SOUND, encoding="latin-1"))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cut=st.integers(0, len(SOUND.encode())), noise=st.binary(max_size=12), lost=st.integers(0, 12))
def test_a_truncated_or_garbled_file_is_read_or_refused(tmp_path, cut, noise, lost):
    content = SOUND.encode()
    path = tmp_path / "garbled.csv"
    for garbled in (content[:cut], content[:cut] + noise + content[cut + lost :]):
        path.write_bytes(garbled)
        try:
            outcome = read(path)[0].title
        except BadFile as bad:
            outcome = str(bad)
        assert outcome


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.lists(st.text(max_size=30), min_size=10, max_size=10), min_size=1, max_size=4))
def test_whatever_the_cells_hold_the_file_is_read_or_refused(tmp_path, rows):
    path = tmp_path / "odd.csv"
    with path.open("w", encoding="utf-8", errors="replace", newline="") as file:
        csv.writer(file).writerows([COLUMNS, *rows])
    try:
        outcome = read(path)[0].title
    except BadFile as bad:
        outcome = str(bad)
    assert outcome


def test_the_longest_texts_are_those_that_the_database_keeps():
    from campaign.accounts.models import Person
    from campaign.campaigns.models import Tag
    from campaign.ideas.models import Idea, IdeaVersion

    columns = {
        "title": Idea.title,
        "author_name": Person.name,
        "category": IdeaVersion.category,
        "tags": Tag.name,
        "place": Idea.place,
    }
    assert {name: column.type.length for name, column in columns.items()} == LONGEST

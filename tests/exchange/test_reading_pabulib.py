from collections import Counter
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from campaign.exchange.readers.errors import BadFile
from campaign.exchange.readers.pabulib import Ballot, PabulibElection, Project, read
from campaign.text import squeeze

SOUND = """META
key;value
description;A street and its ideas
num_projects;3
num_votes;3
vote_type;approval
min_length;1
max_length;2
PROJECTS
project_id;cost;votes;name;category;district
p1;4000.0;2;A bench that faces the sun;Street;North
p2;7500;2;"A playground ""OASIS""; with trees";Nature;
p3;120.50;0;Étagère à livres;;South
VOTES
voter_id;vote
9;p1
11;p1,p2
12; p2
"""


@pytest.fixture
def file(tmp_path):
    def write(text, encoding="utf-8"):
        path = tmp_path / "election.pb"
        path.write_bytes(text.encode(encoding))
        return path

    return write


def test_a_sound_file_is_read_whole(file):
    election = read(file(SOUND))
    assert election.meta["description"] == "A street and its ideas"
    assert election.projects == [
        Project("p1", "A bench that faces the sun", Decimal("4000.0"), "Street", "North", 2),
        Project("p2", 'A playground "OASIS"; with trees', Decimal(7500), "Nature", "", 2),
        Project("p3", "Étagère à livres", Decimal("120.50"), "", "South", 0),
    ]
    assert election.ballots == [Ballot("9", ("p1",)), Ballot("11", ("p1", "p2")), Ballot("12", ("p2",))]
    assert election.tally() == {"p1": 2, "p2": 2, "p3": 0}


@pytest.mark.parametrize(
    "disguised",
    [
        "\ufeff" + SOUND,
        SOUND.replace("\n", "\r\n"),
        SOUND.replace("\n", "\n\n"),
        SOUND.replace("META\n", "meta;;\n"),
    ],
    ids=["byte order mark", "Windows line ends", "blank lines", "spreadsheet"],
)
def test_the_same_file_saved_otherwise_reads_the_same(file, disguised):
    assert read(file(disguised)) == read(file(SOUND))


def test_columns_come_in_any_order_and_may_be_more_or_fewer(file):
    election = read(
        file(
            "META\nkey;value\nvote_type;approval\n"
            "PROJECTS\nname;selected;project_id;cost\nA bench;1;p1;10\n"
            "VOTES\nage;vote;voter_id\n34;p1;9\n27;;10\n"
        )
    )
    assert election.projects == [Project("p1", "A bench", Decimal(10), "", "", None)]
    # Without min_length in META, an empty ballot is one that approves nothing.
    assert election.ballots == [Ballot("9", ("p1",)), Ballot("10", ())]


@pytest.mark.parametrize(
    ("change", "line", "words"),
    [
        (("META\n", ""), 1, "must begin with the section META"),
        (("VOTES\nvoter_id;vote\n9;p1\n11;p1,p2\n12; p2\n", ""), 13, "section VOTES is missing"),
        (("VOTES\n", "PROJECTS\n"), 14, "section PROJECTS is there twice"),
        (("voter_id;vote\n9;p1\n11;p1,p2\n12; p2\n", ""), 14, "section VOTES has no header line"),
        (("project_id;cost;", "project_id;price;"), 10, "column “cost” is missing"),
        (("votes;name", "name;name"), 10, "column “name” is there twice"),
        (("9;p1\n", "9;p1;p2\n"), 16, "Columns in the header: 2. In this line: 3."),
        (("4000.0", "a lot"), 11, "cost “a lot” isn’t a number"),
        (("4000.0", "NaN"), 11, "cost “NaN” isn’t a number"),
        (("4000.0", "4_000"), 11, "cost “4_000” isn’t a number"),
        (("4000.0", ""), 11, "cost “” isn’t a number"),
        (("4000.0", "-1"), 11, "cost -1 is negative"),
        (("4000.0", "1e99"), 11, "cost 1e99 is too large"),
        (("4000.0;2", "4000.0;two"), 11, "“two” in the column “votes” isn’t a whole number"),
        (("4000.0;2", "4000.0;-2"), 11, "“votes” is negative"),
        (("A bench that faces the sun", "\u200b"), 11, "cell “name” is empty"),
        (("p2;7500", "p1;7500"), 12, "project p1 is there twice"),
        (('trees"', "trees"), 12, "quotation marks"),
        (("9;p1", "9;p4"), 16, "names the project “p4”"),
        (("9;p1", "9;p1,"), 16, "names the project “”"),
        (("11;p1,p2", "11;p1,p1"), 17, "names the project p1 twice"),
        (("9;p1", "9;"), 16, "Projects on the ballot: 0. The fewest allowed: 1."),
        (("11;p1,p2", "11;p1,p2,p3"), 17, "Projects on the ballot: 3. The most allowed: 2."),
        (("11;p1", "9;p1"), 17, "voter 9 is there twice"),
        (("9;p1", ";p1"), 16, "cell “voter_id” is empty"),
        (("num_projects;3", "num_projects;4"), 4, "num_projects says 4, but there are 3"),
        (("num_votes;3", "num_votes;2"), 5, "num_votes says 2, but there are 3"),
        (("num_votes;3", "num_votes;many"), 5, "“many” in the column “value” isn’t a whole number"),
        (("approval", "cumulative"), 6, "of the kind “cumulative”. Only approval ballots can be imported."),
        (("vote_type;approval\n", ""), 7, "“vote_type” is missing"),
        (("min_length", "vote_type"), 7, "“vote_type” is there twice"),
        (("bench", "be\0nch"), 11, "This isn’t text"),
    ],
)
def test_a_broken_file_is_refused_with_the_line_and_the_reason(file, change, line, words):
    assert change[0] in SOUND
    with pytest.raises(BadFile) as refused:
        read(file(SOUND.replace(*change, 1)))
    assert refused.value.line == line
    assert str(refused.value).startswith(f"Line {line}: ")
    assert words in str(refused.value)


def test_a_quoted_name_over_two_lines_does_not_shift_the_line_of_a_later_problem(file):
    with pytest.raises(BadFile) as refused:
        read(file(SOUND.replace('"A playground', '"A\nplayground').replace("9;p1", "9;p4")))
    assert refused.value.line == 17


@pytest.mark.parametrize("nothing", ["", "\ufeff", " \n\n", "\r\n"])
def test_an_empty_file_is_refused(file, nothing):
    with pytest.raises(BadFile, match="The file is empty"):
        read(file(nothing))


def test_another_encoding_is_refused_where_it_shows(file):
    with pytest.raises(BadFile, match="Line 13: This isn’t UTF-8 text"):
        read(file(SOUND, encoding="latin-1"))


def test_a_file_that_is_not_there_and_a_folder_are_refused(tmp_path):
    with pytest.raises(BadFile, match=r"There is no file “.*”"):
        read(tmp_path / "nowhere.pb")
    with pytest.raises(BadFile, match="can’t be opened"):
        read(tmp_path)


# What a name may be: anything that stays as it is when tidied, quotation marks and delimiters included.
names = st.text(st.characters(codec="utf-8"), max_size=40).map(squeeze)
ids = st.text("abcdefghijklmnopqrstuvwxyz0123456789_-", min_size=1, max_size=8)
costs = st.decimals(0, 10**9, places=2)


@st.composite
def elections(draw):
    keys = draw(st.lists(ids, min_size=1, max_size=6, unique=True))
    ballots = [
        Ballot(voter, tuple(draw(st.lists(st.sampled_from(keys), unique=True))))
        for voter in draw(st.lists(ids, max_size=8, unique=True))
    ]
    counted = Counter(project for ballot in ballots for project in ballot.approvals)
    projects = [
        Project(key, draw(names.filter(bool)), draw(costs), draw(names), draw(names), counted[key]) for key in keys
    ]
    meta = {
        "description": draw(names),
        "vote_type": "approval",
        "num_projects": str(len(projects)),
        "num_votes": str(len(ballots)),
        "max_length": str(len(keys)),
    }
    return PabulibElection(meta, projects, ballots)


def written(election):
    def line(*cells):
        return ";".join('"' + str(cell).replace('"', '""') + '"' for cell in cells)

    lines = ["META", "key;value", *(line(*pair) for pair in election.meta.items())]
    lines += ["PROJECTS", "project_id;cost;votes;name;category;district"]
    lines += [line(p.id, p.cost, p.votes, p.name, p.category, p.district) for p in election.projects]
    lines += ["VOTES", "voter_id;vote"]
    lines += [line(ballot.voter, ",".join(ballot.approvals)) for ballot in election.ballots]
    return "\n".join(lines) + "\n"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(elections())
def test_an_election_written_and_read_back_is_the_same(file, election):
    found = read(file(written(election)))
    assert found == election
    assert found.tally() == {project.id: project.votes for project in election.projects}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cut=st.integers(0, len(SOUND.encode())), noise=st.binary(max_size=12), lost=st.integers(0, 12))
def test_a_truncated_or_garbled_file_is_read_or_refused(tmp_path, cut, noise, lost):
    content = SOUND.encode()
    path = tmp_path / "garbled.pb"
    for garbled in (content[:cut], content[:cut] + noise + content[cut + lost :]):
        path.write_bytes(garbled)
        try:
            outcome = read(path).meta["vote_type"]
        except BadFile as bad:
            outcome = str(bad)
        assert outcome

from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from campaign.exchange.readers.errors import BadFile
from campaign.exchange.readers.polis import Statement, StatementVote, read

SUMMARY = 'topic,A new café\nurl,https://example.org/1\nconversation-description,"What, then?"\n'
COMMENTS = '''timestamp,datetime,comment-id,author-id,agrees,disagrees,moderated,comment-body
1500000060000,later,2,7,0,0,-1,"Two lines,
one statement"
1500000000000,whenever,1,5,1,1,1,"Open on ""Sundays"""
'''
VOTES = """timestamp,datetime,comment-id,voter-id,vote
1500000120000,later,1,8,-1
1500000100500,whenever,1,8,1
1500000130000,later,2,5,0
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "summary.csv").write_text(SUMMARY, encoding="utf-8")
    (tmp_path / "comments.csv").write_text(COMMENTS, encoding="utf-8")
    (tmp_path / "votes.csv").write_text(VOTES, encoding="utf-8")
    return tmp_path


def at(minute, second=0, micro=0):
    return datetime(2017, 7, 14, 2, 40 + minute, second, micro, tzinfo=UTC)


def test_statements_and_votes_are_read_in_the_order_of_their_times(folder):
    conversation = read(folder)
    assert (conversation.topic, conversation.description) == ("A new café", "What, then?")
    assert conversation.url == "https://example.org/1"
    assert conversation.statements == [
        Statement("1", "5", 'Open on "Sundays"', at(0), rejected=False),
        Statement("2", "7", "Two lines,\none statement", at(1), rejected=True),
    ]
    assert conversation.votes == [
        StatementVote("1", "8", "agree", at(1, 40, 500000)),
        StatementVote("1", "8", "disagree", at(2)),
        StatementVote("2", "5", "pass", at(2, 10)),
    ]


def test_a_person_who_changed_their_mind_is_counted_by_their_last_vote(folder):
    standing = read(folder).standing()
    assert {pair: vote.choice for pair, vote in standing.items()} == {
        ("1", "8"): "disagree",
        ("2", "5"): "pass",
    }


@pytest.mark.parametrize(
    ("file", "change", "where", "words"),
    [
        ("summary.csv", ("topic,A new café", "topic,"), "summary.csv: ", "The topic is missing"),
        ("summary.csv", ("url,", "topic,"), "summary.csv, line 2: ", "“topic” is there twice"),
        ("summary.csv", ("url,https", "url,b,https"), "summary.csv, line 2: ", "In this line: 3"),
        ("comments.csv", ("comment-body", "body"), "comments.csv, line 1: ", "“comment-body” is missing"),
        ("comments.csv", (",1,5,", ",2,5,"), "comments.csv, line 4: ", "statement 2 is there twice"),
        (
            "comments.csv",
            ('"Open on ""Sundays"""', '""'),
            "comments.csv, line 4: ",
            "“comment-body” is empty",
        ),
        ("comments.csv", ("1500000000000", "yesterday"), "comments.csv, line 4: ", "isn’t a whole number"),
        ("comments.csv", ('statement"', "statement"), "comments.csv, line 2: ", "quotation marks"),
        ("votes.csv", ("1500000100500", "999999999999999"), "votes.csv, line 3: ", "too far away"),
        (
            "votes.csv",
            (",8,-1", ",8,2"),
            "votes.csv, line 2: ",
            "“2” is none of 1 (agree), -1 (disagree) and 0",
        ),
        ("votes.csv", (",2,5,0", ",3,5,0"), "votes.csv, line 4: ", "names the statement “3”"),
        ("votes.csv", (",2,5,0", ",2,5"), "votes.csv, line 4: ", "In this line: 4"),
        ("votes.csv", (",2,5,0", ",2,,0"), "votes.csv, line 4: ", "“voter-id” is empty"),
        ("votes.csv", (VOTES, ""), "votes.csv, line 1: ", "The file is empty"),
        ("votes.csv", (VOTES, ",,,,"), "votes.csv, line 1: ", "The file is empty"),
    ],
)
def test_a_broken_folder_is_refused_with_the_file_the_line_and_the_reason(folder, file, change, where, words):
    path = folder / file
    before = path.read_text(encoding="utf-8")
    assert change[0] in before
    path.write_text(before.replace(*change, 1), encoding="utf-8")
    with pytest.raises(BadFile) as refused:
        read(folder)
    assert str(refused.value).startswith(where)
    assert words in str(refused.value)


@pytest.mark.parametrize("file", ["summary.csv", "comments.csv", "votes.csv"])
def test_a_folder_without_one_of_its_files_is_refused(folder, file):
    (folder / file).unlink()
    with pytest.raises(BadFile, match=f"There is no file “.*{file}”"):
        read(folder)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    file=st.sampled_from(["summary.csv", "comments.csv", "votes.csv"]),
    cut=st.integers(0, 330),
    noise=st.binary(max_size=9),
)
def test_a_truncated_or_garbled_folder_is_read_or_refused(folder, file, cut, noise):
    sound = {"summary.csv": SUMMARY, "comments.csv": COMMENTS, "votes.csv": VOTES}
    for name, text in sound.items():
        (folder / name).write_text(text, encoding="utf-8")
    content = sound[file].encode()
    for garbled in (content[:cut], content[:cut] + noise + content[cut + 3 :]):
        (folder / file).write_bytes(garbled)
        try:
            outcome = read(folder).topic
        except BadFile as bad:
            outcome = str(bad)
        assert outcome

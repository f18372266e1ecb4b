"""Calling somebody by name: only who takes part, told once, and a link that holds no surprise."""

import pytest

from campaign.extensions import db
from campaign.feedback import mentioning
from campaign.feedback.actions import delete_comment, edit_comment, post_comment
from campaign.feedback.mentioning import people_in
from campaign.feedback.models import CommentHold, CommentMention
from campaign.moderation.cases import open_case_about
from campaign.moderation.deciding import decide
from campaign.moderation.rules import Rules, choose_rules
from campaign.moderation.telling import _tell
from campaign.notices.models import Notice
from campaign.notices.spreading import tell_news
from campaign.notices.wishes import choose
from campaign.text import markdown
from tests.makers import make_person


@pytest.fixture
def told(people):
    """Whom the worker has told what, in order."""

    def told():
        db.session.commit()
        tell_news()
        rows = db.session.execute(db.select(Notice.person_id, Notice.what).order_by(Notice.id))
        return [(person, what) for person, what in rows]

    return told


def called(comment):
    return [(mention.person_id, mention.name) for mention in comment.mentions]


def test_who_takes_part_is_called_and_told_once(people, resealable, told):
    first = post_comment(resealable, people.carl, "Will it leak?")
    comment = post_comment(resealable, people.ana, "@carl and @BEA: no. @Drew?")
    assert called(comment) == [(people.carl.id, "carl"), (people.bea.id, "BEA")]
    assert comment.called == (("carl", f"/comments/{first.id}"), ("BEA", resealable.url))
    assert told() == [
        (people.carl.id, "mentioned"),
        (people.bea.id, "mentioned"),
        (people.bea.id, "commented"),  # Of carl's remark.
    ]
    edit_comment(comment, "@Carl, @Bea: not any more.")
    assert len(told()) == 3, "an edit tells nobody again"


def test_an_edit_calls_who_is_new_and_forgets_who_is_gone(people, resealable, told):
    post_comment(resealable, people.carl, "Will it leak?")
    comment = post_comment(resealable, people.ana, "Hello.")
    edit_comment(comment, "Hello @Carl.")
    assert (people.carl.id, "mentioned") in told()
    edit_comment(comment, "Hello.")
    db.session.commit()
    assert db.session.scalars(db.select(CommentMention)).all() == []
    delete_comment(comment)
    assert (people.carl.id, "mentioned") not in told()


def test_who_took_no_part_is_never_called_or_offered(people, resealable, nobody, carl, bea, told):
    hidden = post_comment(resealable, people.drew, "Buy this!")
    hidden.hold = CommentHold(kind="hidden")
    db.session.commit()
    comment = post_comment(resealable, people.carl, "@Drew @Carl hello")
    assert called(comment) == []
    assert {one.name for one in people_in(resealable, people.carl)} == {"Bea", "Ana"}
    url = f"{resealable.url}/remarks/people"
    db.session.commit()
    assert [one["name"] for one in carl.get(url).get_json()["people"]] == ["Bea", "Ana"]
    assert carl.get(f"{url}?q=b").get_json() == {"people": [{"name": "Bea", "part": "Wrote the idea"}]}
    assert carl.get(f"{url}?q=dre").get_json() == {"people": []}
    assert bea.get(f"{url}?q=CA").get_json() == {"people": [{"name": "Carl", "part": "Takes part"}]}
    assert nobody.get(url).status_code in (302, 401)
    assert carl.get("/ideas/999/remarks/people").status_code == 404


def test_who_wants_no_mentions_has_what_they_would_have_had(people, resealable, told):
    post_comment(resealable, people.carl, "Will it leak?")
    choose(people.bea, {"mentioned": "nothing"}, {})
    choose(people.carl, {"mentioned": "nothing"}, {})
    told()
    post_comment(resealable, people.ana, "@Bea @Carl no.")
    assert told() == [(people.bea.id, "commented"), (people.bea.id, "commented")]


def test_in_a_long_talk_those_who_spoke_last_are_called(people, resealable, monkeypatch):
    for number in range(4):
        post_comment(resealable, make_person(f"Speaker {number}", email=f"speaker{number}@example.org"), "Hello.")
    db.session.commit()
    monkeypatch.setattr(mentioning, "SPEAKERS", 2)
    assert [one.name for one in people_in(resealable, people.carl)] == ["Bea", "Speaker 3", "Speaker 2", "Ana"]
    monkeypatch.setattr(mentioning, "LATELY", 1)
    assert [one.name for one in people_in(resealable, people.carl)] == ["Bea", "Speaker 3", "Ana"]


def test_a_muted_campaign_tells_nothing(people, resealable, told):
    choose(people.bea, {}, {resealable.campaign_id: "nothing"})
    post_comment(resealable, people.ana, "@Bea no.")
    assert told() == []


def test_what_waits_for_a_moderator_calls_nobody_until_it_is_approved(people, campaign, resealable, told):
    choose_rules(campaign, people.ana, Rules(False, True, 2))
    comment = post_comment(resealable, people.carl, "Hello @Bea!")
    edit_comment(comment, "Hello again, @Bea!")
    assert told() == []
    case = open_case_about(comment)
    decide(case, people.ana, "approved")
    _tell(case)
    assert (people.bea.id, "mentioned") in told()


def test_the_first_word_is_enough_where_one_person_is_called_so(people, resealable):
    for name in ("Zoé Petit", "Max One", "Max Two"):
        post_comment(resealable, make_person(name, email=f"{name.split()[-1]}@example.org"), "Hello.")
    comment = post_comment(resealable, people.carl, "@zoe, @Max and @max two: hello. Not a@Bea, nor `@Bea`.")
    assert [name for _person, name in called(comment)] == ["zoe", "max two"]


def test_the_page_links_the_name_and_nothing_else(people, nobody, resealable):
    evil = make_person("evil")
    evil.name = "<b>x</b> javascript:1"
    post_comment(resealable, evil, "Hello.")
    post_comment(resealable, people.carl, "@Bea and @<b>x</b> javascript:1")
    db.session.commit()
    page = nobody.get(resealable.url).text
    assert f'<a href="{resealable.url}" rel="nofollow ugc noopener">@Bea</a>' in page
    assert '<a href="/comments/1" rel="nofollow ugc noopener">@&lt;b&gt;x&lt;/b&gt; javascript:1</a>' in page
    assert "<b>x" not in page


def test_markdown_links_the_longest_name_and_no_word_that_goes_on():
    people = (("Ann", "/ideas/1"), ("Ann Lee", "/ideas/2"))
    html = markdown("@Ann Lee, **@ann**, @Annabel, @Ann_, [see @Ann](https://example.org)", people)
    assert html.count("<a ") == 3
    assert '"/ideas/2" rel="nofollow ugc noopener">@Ann Lee<' in html
    assert '"/ideas/1" rel="nofollow ugc noopener">@ann<' in html
    assert markdown("@Ann") == "<p>@Ann</p>\n"

"""The brand's own remark on top: by whom, where, and until when; and who is told to work for the brand."""

import pytest

from campaign.brands.models import Membership
from campaign.extensions import db
from campaign.feedback.actions import RemarkTakenBack, RemarkUnseen, delete_comment, post_comment
from campaign.feedback.models import CommentHold
from campaign.feedback.pinning import AuthorsRemark, NotOfficial, OwnPin, pin_remark, unpin_remark
from campaign.feedback.pins import pin_on
from campaign.history import Entry
from campaign.ideas.models import Idea
from campaign.live.models import Change
from campaign.moderation.deciding import hide, put_back
from tests.campaign_cast import suggest
from tests.makers import make_person


@pytest.fixture
def official(people, resealable):
    comment = post_comment(resealable, people.ana, "We try it this summer.")
    db.session.commit()
    return comment


@pytest.fixture
def colleague(people):
    max_ = make_person("max")
    db.session.add(Membership(brand=people.soda, person=max_, role="moderator"))
    db.session.commit()
    return max_


def acts():
    return list(db.session.scalars(db.select(Entry.what).where(Entry.what.startswith("remark.")).order_by(Entry.id)))


def test_one_stands_on_top_with_who_put_it_there(people, resealable, official, nobody, ana, colleague):
    other = post_comment(resealable, colleague, "Soon.")
    for _twice in range(2):
        pin_remark(official, people.ana)
        db.session.commit()
    assert "Put on top by Ana" in nobody.get(resealable.url).text
    assert f'formaction="/comments/{official.id}/pin/removal"' in ana.get(resealable.url).text
    assert "/pin" not in nobody.get(resealable.url).text.split("<remark-list")[1]
    pin_remark(other, people.ana)
    db.session.commit()
    assert pin_on(resealable).comment == other
    unpin_remark(official, people.ana)
    assert pin_on(resealable) is not None, "it stands there no more, so nothing happens"
    for _twice in range(2):
        unpin_remark(other, people.ana)
        db.session.commit()
    assert pin_on(resealable) is None
    assert acts() == ["remark.pinned", "remark.pinned", "remark.unpinned"]
    kinds = [kind for change in db.session.scalars(db.select(Change)) for kind in change.news["kinds"]]
    assert kinds.count("comment.pinned") == 2
    assert kinds.count("comment.unpinned") == 1


def test_only_the_team_s_word_and_by_nobody_whose_idea_it_is(app, people, campaign, resealable, official, colleague):
    own = db.session.get_one(Idea, suggest(app, campaign.id, people.ana.id, "A can that folds"))
    with pytest.raises(NotOfficial):
        pin_remark(post_comment(resealable, people.carl, "Will it leak?"), people.ana)
    theirs = post_comment(own, people.ana, "I work here.")
    with pytest.raises(OwnPin):
        pin_remark(post_comment(own, colleague, "So do I."), people.ana)
    with pytest.raises(AuthorsRemark):
        pin_remark(theirs, colleague)


def test_what_is_out_of_sight_does_not_stand_on_top(people, resealable, official, colleague):
    official.hold = CommentHold(kind="held")
    db.session.commit()
    with pytest.raises(RemarkUnseen):
        pin_remark(official, colleague)
    official.hold = None
    pin_remark(official, colleague)
    db.session.commit()
    case = hide(official, colleague, "Too early.")
    db.session.commit()
    assert pin_on(resealable) is None
    put_back(case, colleague, "Now.")
    db.session.commit()
    assert pin_on(resealable) is None, "it comes back among the others"
    pin_remark(official, colleague)
    delete_comment(official)
    db.session.commit()
    assert pin_on(resealable) is None
    with pytest.raises(RemarkTakenBack):
        pin_remark(official, colleague)


def test_the_door_is_for_who_moderates(official, ana, bea, drew, nobody):
    url = f"/comments/{official.id}/pin"
    for path in (url, f"{url}/removal"):
        assert bea.post(path).status_code == drew.post(path).status_code == 404
        assert nobody.post(path).status_code in (302, 401)
        assert ana.post(path).status_code == 302
    assert ana.post("/comments/999/pin").status_code == 404


def test_a_badge_says_for_whom_somebody_works_and_what_the_brand_s_page_says(
    people, resealable, official, colleague, nobody
):
    post_comment(resealable, colleague, "Soon.")
    db.session.commit()
    page = nobody.get(resealable.url).text
    assert '<span class="badge" data-tone="brand">Works for Soda · owner</span>' in page
    assert '<span class="badge" data-tone="brand">Works for Soda</span>' in page
    assert "moderator" not in page.split("<remark-list")[1].split("</remark-list>")[0]

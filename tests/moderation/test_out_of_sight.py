"""What a moderator holds or has taken down is read by its authors and the team alone, wherever the application says anything."""

import json

import pytest
from werkzeug.datastructures import FileStorage

from campaign.board.live import CampaignBoard
from campaign.coauthors.models import CoAuthorInvitation
from campaign.documents import keep_document
from campaign.endorsements.models import Endorsement
from campaign.extensions import db
from campaign.feedback.actions import post_comment
from campaign.feedback.models import Feedback
from campaign.ideas.actions import submit_idea
from campaign.ideas.attaching import show_documents, show_pictures
from campaign.ideas.following import follow, tell_followers
from campaign.ideas.following import tell_news as tell_followed
from campaign.ideas.searching import index_idea
from campaign.images import keep_image
from campaign.live import Audience, announce
from campaign.live.announcing import changes_since
from campaign.merging.actions import merge_ideas
from campaign.merging.proposing import propose_duplicate
from campaign.merging.retiring import retire_idea
from campaign.merging.telling import tell_news as tell_merged
from campaign.moderation.deciding import hide
from campaign.moderation.subjects import keep
from campaign.reasons.models import Reason
from campaign.votes.asking_again import ask_again
from tests.addresses import addresses
from tests.makers import make_person
from tests.pictures import pdf, picture
from tests.voting import cast_vote

SECRET = ("quagga", "okapi", "axolotl", "pangolin", "narwhal", "tapir", "numbat", "zorilla")
ELSEWHERE = (
    "/static/",
    "/confirm/",
    "/reset/",
    "/address/",
    "/invitations/",
    "/outbox",
    "/styleguide",
    "/guest-ideas/",
    "/moderation-mails/",
    "/answer-mails/",
)
WHY = "It is a narwhal’s trade mark."


def said(text):
    """Which of the words that nobody should read a text says."""
    return {word for word in SECRET if word in text.lower()}


@pytest.fixture
def out_of_sight(people, campaign, moderator, resealable):
    """bea's ideas: one held and one taken down, each known before; remarks alike; and all that others did with them."""

    def send(author, title, text, **more):
        fields = {"language": "en", "category": campaign.categories[0], "tags": ["summer"], **more}
        idea = submit_idea(campaign, author, title, text, **fields)
        index_idea(idea)
        return idea

    campaign.has_named_voters = True
    held = send(people.bea, "A quagga on the can", "An okapi beside it.")
    hidden = send(people.bea, "An axolotl in the can", "A pangolin beside it.")
    for idea in (held, hidden):
        cast_vote(idea, people.carl, f"vote-{idea.id}", named=True)
        follow(people.carl, idea)
        db.session.add(Feedback(idea=idea, author_id=people.drew.id, likes="The tapir", misses="", mark=4))
        db.session.add(Endorsement(idea=idea, person_id=people.drew.id, text="I want a numbat."))
        told = {"side": "for", "named": True, "text": "A zorilla is what we need.", "place": 5}
        db.session.add(Reason(idea=idea, voter_id=people.drew.id, **told))
        cast_vote(idea, people.drew, f"vote-{idea.id}", named=True)
        post_comment(idea, people.drew, "More of the tapir.")
        db.session.add(CoAuthorInvitation(idea=idea, person_id=people.carl.id))
        send(people.carl, f"Built on number {idea.id}", "As it is.", parent=None).parent_id = idea.id
        propose_duplicate(resealable, idea, people.carl)
    eve = make_person("eve")
    merged = send(eve, "One that was merged", "It says the same.")
    cast_vote(merged, people.drew, "vote-merged")
    retired = send(eve, "One that was retired", "It says the same.")
    follow(people.carl, merged)
    merge_ideas(merged, hidden, people.ana, "They are the same.")
    retire_idea(retired, held, eve, "That one is better.")
    remarks = (
        post_comment(resealable, people.bea, "A tapir would do."),
        post_comment(resealable, people.bea, "A numbat."),
    )
    reply = post_comment(resealable, people.carl, "Would it?", remarks[1])
    db.session.commit()
    keep(held, "held")
    hide(hidden, moderator, WHY)
    keep(remarks[0], "held")
    hide(remarks[1], moderator, WHY)
    db.session.commit()
    return {
        "ideas": [held.id, hidden.id, merged.id, retired.id, resealable.id],
        "remarks": [remark.id for remark in (*remarks, reply)],
        "hidden": hidden,
        "held": held,
    }


def pages(app, known):
    """Every page of the application, for each of these ideas and remarks."""
    asked = set()
    for idea in known["ideas"]:
        for remark in known["remarks"]:
            for kind, number in (("ideas", idea), ("comments", remark)):
                other = known["ideas"][-1] if idea != known["ideas"][-1] else known["ideas"][0]
                fills = {"slug": "soda", "idea_id": idea, "other_id": other, "comment_id": remark, "stage_id": 1}
                fills |= {"kind": kind, "number": number, "first": remark, "code": idea}
                asked |= {url for _endpoint, url in addresses(app, ELSEWHERE, **fills)}
        asked |= {f"/ideas/{idea}/{page}" for page in ("same?q=can", "versions?from=1&to=2")}
    for word in SECRET:
        asked.add(f"/campaigns/soda?q={word}")
    asked |= {f"/campaigns/soda?order={order}" for order in ("shuffled", "new", "trending", "supported", "discussed")}
    asked |= {"/campaigns/soda?tag=summer", "/campaigns/soda/ideas/withdrawn", "/campaigns/soda/withdrawn"}
    return sorted(asked)


def walk(app, browsers, known):
    found = {}
    for url in pages(app, known):
        for name, browser in browsers.items():
            answer = browser.get(url, buffered=True)
            # What was looked for stands in the field again.
            text = answer.get_data().decode("utf-8", "replace").replace(url.partition("?q=")[2] or "\0", "")
            if words := said(text) | said(str(answer.headers).replace(url, "")):
                found[name, url] = words
    return found


def test_no_address_says_a_word_of_it_to_others(app, carl, nobody, out_of_sight):
    assert walk(app, {"nobody": nobody, "stranger": carl}, out_of_sight) == {}


def test_no_form_that_others_send_shows_it(carl, resealable, out_of_sight):
    for remark in out_of_sight["remarks"][:2]:
        answer = carl.post(f"{resealable.url}/comments", text="", parent=str(remark))
        assert answer.status_code in (404, 409)
        assert not said(answer.text)
    for title in ("A quagga on the can", "An axolotl in the can"):
        answer = carl.post("/campaigns/soda/ideas/similar", title=title)
        assert said(answer.text.replace(title, "")) == set()
    for idea in out_of_sight["ideas"][:2]:
        answer = carl.post("/campaigns/soda/ideas/new", title="", text="", parent=str(idea), language="en", key="k1")
        assert answer.status_code == 422
        assert not said(answer.text)
        carl.post("/campaigns/soda/ideas/new", title="Mine", parent=str(idea), language="en", key="k2", act="save")
        for address in ("/campaigns/soda/ideas/new", f"/campaigns/soda/ideas/new?on={idea}"):
            assert not said(carl.get(address).text)
    fields = {"title": "A quagga on the can!", "text": "Mine.", "language": "en", "category": "can", "key": "k"}
    assert carl.post("/campaigns/soda/ideas/new", **fields).status_code == 302  # It is not told that one is held.


def test_no_board_says_it(app, people, campaign, out_of_sight):
    held, hidden = out_of_sight["ideas"][:2]
    announce(campaign.board, "idea.edited", ideas=[held, hidden])
    db.session.commit()
    board = CampaignBoard()
    with app.test_request_context():
        for language in ("en", "fr"):
            audience = Audience("public", language)
            figures = board.figures(campaign.board)
            texts = [board.snapshot(campaign.board, audience, figures)]
            for _seq, change in changes_since(campaign.board, 0) or []:
                texts.append(
                    board.present(campaign.board, board.heard(campaign.board, change, audience), audience, figures)
                )
            assert not said(json.dumps(texts, ensure_ascii=False))


def test_no_mail_says_it_to_others(people, campaign, moderator, mails, out_of_sight):
    hidden, held = out_of_sight["hidden"], out_of_sight["held"]
    for idea in (hidden, held):
        for what in ("answered", "step", "withdrawn"):
            tell_followers(what, campaign, idea)
    tell_followers("outcome", campaign)
    db.session.commit()
    before = {person: len(mails.to(person.email)) for person in (people.carl, people.drew)}
    tell_followed()
    tell_merged()
    ask_again()
    for person in (people.carl, people.drew):
        for mail in mails.to(person.email)[before[person] :]:
            assert not said(mail.as_string()), mail["Subject"]
            for part in mail.walk():
                if part.get_content_maintype() == "text":
                    assert not said(part.get_content()), mail["Subject"]


def test_what_is_followed_and_in_sight_is_still_told(people, campaign, mails, resealable, out_of_sight):
    follow(people.carl, resealable)
    tell_followers("outcome", campaign)
    db.session.commit()
    tell_followed()
    [mail] = [mail for mail in mails.to(people.carl.email) if "outcome" in mail.as_string().lower()][-1:]
    assert resealable.title in mail.get_body(("plain",)).get_content()


def test_its_author_and_the_team_read_it(bea, mod, out_of_sight):
    for browser in (bea, mod):
        assert said(browser.get(out_of_sight["hidden"].url).text)
        assert said(browser.get(out_of_sight["held"].url).text)


@pytest.fixture
def files(people, resealable):
    """The addresses of a picture and of a document that stand on bea's idea."""
    image, document = (
        keep_image(picture().getvalue(), by=people.bea),
        keep_document(FileStorage(pdf(), "cap.pdf"), by=people.bea),
    )
    show_pictures(resealable, [image])
    show_documents(resealable, [document])
    db.session.commit()
    return [image.url(), document.url]


@pytest.mark.parametrize("how", ["held", "hidden"])
def test_its_files_are_seen_by_who_sees_it_and_by_no_other(ana, bea, mod, carl, nobody, resealable, files, how):
    for url in files:
        kept = nobody.get(url).headers
        assert {"public", "s-maxage=300", "immutable"} <= set(
            kept["Cache-Control"].split(", ")
        )  # It may be taken down.
    keep(resealable, how, "It shows a trade mark.")
    db.session.commit()
    for url in files:
        for browser in (ana, bea, mod):
            answer = browser.get(url)
            assert answer.status_code == 200
            assert set(answer.headers["Cache-Control"].split(", ")) == {"private", "no-cache"}
        for browser in (carl, nobody):
            for headers in ({}, {"If-None-Match": bea.get(url).headers["ETag"]}):
                answer = browser.get(url, headers=headers)
                assert answer.status_code == 404
                assert "public" not in answer.headers.get("Cache-Control", "")
    keep(resealable, None)
    db.session.commit()
    assert [nobody.get(url).status_code for url in files] == [200, 200]

"""A brand's templates: written in each language, tried out by mail, and put into answers as they are meant."""

import pytest

from campaign.answers.models import AnswerTemplate
from campaign.answers.templates import TemplateNamed, put_in, write_template
from campaign.extensions import db

PAGES = "/brands/soda/answer-templates"
THANKS = {"en": "Dear {author}, thank you for “{title}”.", "fr": "Bonjour {auteur}, merci pour « {titre} »."}


@pytest.fixture
def thanks(people):
    template = write_template(people.soda, people.ana, "Thank you", THANKS)
    db.session.commit()
    return template


def texts(app):
    with app.app_context():
        return [template.texts for template in db.session.scalars(db.select(AnswerTemplate))]


def test_it_is_written_changed_and_taken_away(app, ana, cast):
    sent = ana.post(f"{PAGES}/new", name="Thank you", text_en=THANKS["en"], text_fr="")
    assert sent.location == PAGES
    assert texts(app) == [{"en": THANKS["en"]}]
    ana.post(f"{PAGES}/1", name="Thank you", text_en=THANKS["en"], text_fr=THANKS["fr"])
    assert texts(app) == [THANKS]
    assert "English, Français" in ana.get(PAGES).text
    ana.post(f"{PAGES}/1/removal")
    assert texts(app) == []


def test_sent_twice_it_is_one_and_a_name_is_given_once(people, thanks):
    assert write_template(people.soda, people.ana, "Thank you", THANKS) is thanks
    with pytest.raises(TemplateNamed):
        write_template(people.soda, people.ana, "thank YOU", {"en": "Another."})


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"name": "A", "text_en": "Dear {autor}"}, "Nothing is known by {autor}: there are {author} and {title}."),
        ({"name": "A"}, "Write it in one language at least."),
        ({"text_en": "Thanks"}, "Give it a name by which your colleagues find it."),
    ],
)
def test_what_will_not_do_is_refused_beside_it(app, ana, cast, fields, sentence):
    answer = ana.post(f"{PAGES}/new", **fields)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert texts(app) == []


def test_a_test_goes_to_who_asks_for_it_in_each_language(ana, thanks, mails):
    ana.post(f"{PAGES}/{thanks.id}/test")
    english, french = mails.to("ana@example.org")
    assert english["Subject"] == "Test: Thank you"
    assert "Dear Ana, thank you for “An idea that somebody had”." in english.get_body(("plain",)).get_content()
    assert "Bonjour Ana, merci pour" in french.get_body(("plain",)).get_content()
    assert mails.to("bea@example.org") == []


def test_a_title_makes_no_link_in_the_brands_name():
    told = put_in("Thank you, {author}, for {title}.", "Bea", "[Win](https://evil.example) *now*")
    assert told == r"Thank you, Bea, for \[Win\](https\://evil.example) \*now\*."


def test_it_begins_an_answer(ana, thanks, soda_idea):
    page = ana.get(f"/ideas/{soda_idea}/answer?template={thanks.id}").text
    assert "Dear Bea, thank you for “A can you can reseal”." in page


def test_another_brands_template_begins_nothing(people, ana, soda_idea):
    theirs = write_template(people.elsewhere, people.drew, "Theirs", {"en": "Our secret words."})
    db.session.commit()
    assert ana.get(f"/ideas/{soda_idea}/answer?template={theirs.id}").status_code == 404
    assert ana.post("/campaigns/soda/answers/drafts", idea=soda_idea, template=theirs.id).status_code == 404
    assert ana.get(f"{PAGES}/{theirs.id}").status_code == 404


@pytest.mark.parametrize(("who", "status"), [("ana", 200), ("bea", 404), ("drew", 404), ("nobody", 302)])
def test_only_who_answers_for_the_brand_has_them(request, thanks, who, status):
    person = request.getfixturevalue(who)
    for page in (PAGES, f"{PAGES}/new", f"{PAGES}/{thanks.id}"):
        assert person.get(page).status_code == status
    if who != "ana":
        for act in ("test", "removal"):
            assert person.post(f"{PAGES}/{thanks.id}/{act}").status_code == status

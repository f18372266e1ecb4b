"""A brand's templates for answers: words to begin with, in which stand places for the author's name and the idea's title."""

import re

from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from campaign.accounts.models import Person
from campaign.answers.models import AnswerTemplate
from campaign.brands.access import brand_for
from campaign.brands.models import Brand
from campaign.clock import now
from campaign.database import lock
from campaign.errors import NotThere, Refused
from campaign.extensions import db
from campaign.history import record
from campaign.ideas.models import Idea
from campaign.languages import LANGUAGES, language
from campaign.mail import send_mail

MOST = 60  # Templates of one brand: more is a list that nobody reads.
# What may stand in braces, in either language, and what it stands for.
PLACES = {"author": "author", "auteur": "author", "title": "title", "titre": "title"}
_PLACE = re.compile(r"\{(\w+)\}")
_MEANT = re.compile(
    r"([\\`*_\[\]<>#|]|:(?=//))"
)  # What Markdown would take for more than a sign of somebody's name or title.


class TemplateNamed(Refused):
    code, message, field = "template_named", _l("Another template of this brand has this name."), "name"


class TooManyTemplates(Refused):
    code, message = "too_many_templates", _l("A brand has 60 templates at most: people should find them.")


def templates_of(brand: Brand) -> list[AnswerTemplate]:
    """The brand's templates, by name. One query."""
    found = db.select(AnswerTemplate).where(AnswerTemplate.brand_id == brand.id)
    return sorted(db.session.scalars(found), key=lambda template: template.name.casefold())


def template_in(brand: Brand, template_id: int) -> AnswerTemplate:
    """The brand's template of this id. Raises NotThere."""
    template = db.session.get(AnswerTemplate, template_id) if 0 < template_id < 2**31 else None
    if template is None or template.brand_id != brand.id:
        raise NotThere
    return template


def template_for(person: Person, slug: str, template_id: int) -> AnswerTemplate:
    """The template, for who may answer in the whole brand."""
    return template_in(brand_for(person, slug, to="answer"), template_id)


def places() -> dict[str, str]:
    """What may stand in braces, by what it stands for, as the reader's language writes it."""
    return {meant: f"{{{name}}}" for name, meant in PLACES.items() if (name == meant) == (language() != "fr")}


def unknown_places(text: str) -> list[str]:
    """What stands in braces in the text and stands for nothing."""
    return [name for name in _PLACE.findall(text) if name not in PLACES]


def write_template(
    brand: Brand, by: Person, name: str, texts: dict[str, str], template: AnswerTemplate | None = None
) -> AnswerTemplate:
    """Keep a new template, or another wording of one. Sent again in the same words, it changes nothing."""
    lock(brand)
    others = [other for other in templates_of(brand) if other is not template]
    texts = {code: text for code, text in texts.items() if text}
    same = next((other for other in others if other.name.casefold() == name.casefold()), None)
    if same is not None:
        if template is None and same.by_id == by.id and same.texts == texts:
            return same  # A second click.
        raise TemplateNamed
    if template is None:
        if len(others) >= MOST:
            raise TooManyTemplates
        template = AnswerTemplate(brand_id=brand.id, name=name, texts=texts, by=by)
        db.session.add(template)
        record("answer_template.added", brand, by, name=name)
    elif (template.name, template.texts) != (name, texts):
        record("answer_template.changed", brand, by, name=name)
        template.name, template.texts, template.by, template.at = name, texts, by, now()
    db.session.flush()
    return template


def remove_template(template: AnswerTemplate, by: Person) -> None:
    """Take a template away; drafts that began with it stay."""
    record("answer_template.removed", template.brand, by, name=template.name)
    db.session.delete(template)


def filled(template: AnswerTemplate, idea: Idea) -> str:
    """The template for this idea, in the idea's language where the brand wrote it."""
    names = ", ".join(author.display_name for author in idea.authors)
    return put_in(template.in_language(idea.language), names, idea.title)


def put_in(text: str, author: str, title: str) -> str:
    """The text with a name and a title at their places, as they are: neither makes a link or a heading in the brand's name."""
    given = {"author": author, "title": title}
    return _PLACE.sub(
        lambda place: _MEANT.sub(r"\\\1", given[PLACES[place[1]]]) if place[1] in PLACES else place[0], text
    )


def send_test(template: AnswerTemplate, to: Person) -> int:
    """Send the mail that an author would have, in each language of the template, with a made-up idea. Gives how many."""
    for code in template.texts:
        with force_locale(code):
            title = _("An idea that somebody had")
        send_mail(
            to.email,
            code,
            "answer-test",
            called=template.name,
            title=title,
            reader=to,
            text=put_in(template.texts[code], to.display_name, title),
            brand=template.brand,
        )
    return len(template.texts)


def languages_of(template: AnswerTemplate) -> list[str]:
    return [LANGUAGES[code] for code in LANGUAGES if code in template.texts]

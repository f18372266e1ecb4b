"""Every component in every state, for who builds pages. Development only: elsewhere there is no such page."""

from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace as Sample
from typing import Any
from urllib.parse import quote

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import (
    BooleanField,
    ColorField,
    DateField,
    DecimalField,
    EmailField,
    FileField,
    PasswordField,
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired

from campaign import settings
from campaign.brands.colours import palette, properties
from campaign.campaigns.incentives import Label
from campaign.campaigns.licences import LICENCES
from campaign.campaigns.rules import Rules
from campaign.clock import now
from campaign.errors import NotThere, Refused
from campaign.forms import Form

NOES = {"not_there": 404, "refused": 409, "too_large": 413, "too_many": 429, "broken": 500, "offline": ""}

bp = Blueprint("styleguide", __name__)


@bp.before_request
def only_in_development() -> None:
    if not settings.current().development:
        raise NotThere


@bp.get("/styleguide")
def show() -> str:
    return render_template("styleguide/index.html", form=SampleForm(), refused_form=_refused(), **_samples())


@bp.get("/styleguide/<name>")
def error_page(name: str) -> ResponseReturnValue:
    """A page that says no, without anything having gone wrong."""
    if name not in NOES:
        raise NotThere
    return render_template(
        f"errors/{name}.html", status=NOES[name], error=Refused(_("Voting on this campaign has closed."))
    )


class SampleForm(Form):
    """One field of each kind."""

    title = StringField("Your idea", validators=[InputRequired()])
    email = EmailField("E-mail", validators=[InputRequired()])
    password = PasswordField("Password", validators=[InputRequired()])
    text = TextAreaField("More about it")
    category = SelectField(
        "Category", choices=[SelectChoice("shop", "In the shop"), SelectChoice("beans", "Beans and recipes")]
    )
    cost = DecimalField("Cost")
    day = DateField("Opens on")
    colour = ColorField("Colour", default="#b93a1a")
    file = FileField("Picture")
    who = RadioField(
        "Who can read it",
        choices=[SelectChoice("all", "Everybody"), SelectChoice("link", "Who has the link")],
        default="all",
    )
    agree = BooleanField("Tell me when the brand answers")


def _refused() -> SampleForm:
    form = SampleForm(formdata=None, prefix="refused", data={"title": "A cup", "email": "bea@"})
    sentences = {
        "title": _("Ten characters at least, so that others understand."),
        "email": _("This address isn’t complete."),
        "password": _("Ten characters or more."),
        "text": _("That is too long."),
        "file": _("This file isn’t a picture that we can read. JPEG, PNG, WebP and GIF work."),
        "who": _("Choose one."),
        "agree": _("Tick it to go on."),
    }
    for name, sentence in sentences.items():
        form[name].errors = [sentence]
    return form


class Picture:
    """Two colours and a curve, in the address itself."""

    width, height, alt = 640, 320, ""

    def url(self, width: int = 640) -> str:
        drawn = (
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 320" preserveAspectRatio="xMidYMid slice">'
            '<path fill="#b9703c" d="M0 0h640v320H0z"/><ellipse cx="90" cy="40" rx="230" ry="130" fill="#f0cf9b"/>'
            '<ellipse cx="520" cy="290" rx="200" ry="150" fill="#6e3a20"/></svg>'
        )
        return f"data:image/svg+xml,{quote(drawn)}"


def _samples() -> dict[str, Any]:
    bea, carl = (
        Sample(id=id, display_name=name, initials=name[:1] + "L") for id, name in [(1, "Béa L."), (2, "Carl L.")]
    )
    brand = Sample(name="Maison Lutèce", logo=None, url="/styleguide", palette_css="")
    campaign = Sample(
        accepts_ideas=True, accepts_building=True, accepts_votes=True, accepts_support=True, url="#cards", brand=brand
    )
    planned = Sample(name=_("Planned"), colour="amber", frozen=[_("changes to the idea")], freezes_votes=False)
    asked = Sample(name=_("Under review"), colour="blue", reason=_("We ask the bottlers."), by=carl, at=now())
    said = Sample(name=planned.name, colour="amber", reason=_("From June on, in every shop."), by=bea, at=now())
    ideas = [
        _idea(
            1,
            "A bottle on deposit, brought back to any shop",
            bea,
            campaign,
            348,
            27,
            image=Picture(),
            answered=True,
            version=2,
            worded=2,
            unconfirmed=41,
            status=planned,
            status_changes=[asked, said],
        ),
        _idea(
            2,
            "Pay for a stranger’s coffee",
            carl,
            campaign,
            254,
            41,
            labels={2: Label("sample", "Maison Lutèce")},
            qualified_at=now(),
        ),
        _idea(
            3,
            "Open at 6.15 near the hospitals",
            carl,
            campaign,
            183,
            1,
            withdrawn=True,
            withdrawal=Sample(kind="withdrawn"),
        ),
    ]
    answer = Sample(
        text=_(
            "Dear Béa,\n\nYou are right about the washing: three minutes are enough, we timed it.\n\nCome and tell us what is wrong."
        ),
        by=carl,
        role=_("head of shops"),
        at=now(),
        edited_at=None,
        version=1,
        feasible="yes",
        feasible_words=_("It can be done"),
        cost=Decimal(1200),
        timing=_("By the summer"),
    )
    remarks = [
        Sample(id=1, author=carl, at=now() - timedelta(hours=30), text=_("And if I forget it at home?"), replies=[
            Sample(id=2, author=bea, at=now() - timedelta(hours=2), text=_("Two deposits at a time, no more.")),
        ]),
    ]  # fmt: skip
    stages = [
        Sample(label=_("The brief"), note="", state="past"),
        Sample(label=_("The ideas"), note="", state="past"),
        Sample(label=_("The vote"), note=_("4 days left"), state="now"),
        Sample(label=_("Next"), note="", state="later"),
    ]
    return {
        "counts_told": True, "letter_from": brand, "idea": ideas[0], "ideas": ideas, "my_votes": {1: False}, "sample_answer": answer,
        "comments": remarks, "stages": stages, "sample_cost": Decimal(15000),
        "may_review": lambda: True, "LICENCES": LICENCES, "lineage": [ideas[1]], "amendments": [
            Sample(author=carl, at=now(), why=_("Say how the bottle is washed."), url="#building", end=None),
            Sample(author=bea, at=now(), why="", url="#building", end=Sample(how="accepted")),
        ],
        "reworded": [
            Sample(kind="kept", text=_("One leaves with a coffee ")), Sample(kind="removed", text=_("and a cup")),
            Sample(kind="added", text=_("and comes back with the bottle")),
        ],
        "sample_feedback": Sample(
            author=bea, author_id=bea.id, idea_id=1, at=now(), edited_at=None, counted_mark=4,
            likes=_("Nothing is thrown away."), misses=_("A lid that holds in a bag."),
        ),
        "sample_marks": Sample(mean=4.25, spread=0.83, marked=12, counts={1: 0, 2: 1, 3: 1, 4: 4, 5: 6}),
        "replies": [
            Sample(name=_("For whom is it?"), private=False, url="", parts=[_("Whoever works at night.")]),
            Sample(name=_("Where do you live?"), private=True, url="", parts=["Paris"]),
        ],
        "document": Sample(url="#building", name=_("bottle.pdf"), told_size="240 KB"),
        "sealed_campaign": Sample(
            url="#voting", brand=brand, answers_by=None,
            present=Sample(name=_("The vote"), shows_counts="ended", ends_at=now() + timedelta(days=4)),
            stages=[
                Sample(name=name, opens_at=now() + timedelta(days=4 * number), ends_at=now() + timedelta(days=4 * number + 4), state=state, allows=[])
                for number, (name, state) in enumerate([(_("The ideas"), "past"), (_("The vote"), "now")], -1)
            ],
        ),
        "placed": [Sample(idea=idea, words=words) for idea, words in zip(ideas, ["1–2", "1–3", "2–3"], strict=True)],
        "shown": properties(palette("#b93a1a")), "sample_rules": Rules(contract="cooperation", licence="by", texts={}, chosen=3, out_of=57, age_min=16, countries=["FR"]),
    }  # fmt: skip


def _idea(number: int, title: str, author: Sample, campaign: Sample, votes: int, comments: int, **more: Any) -> Sample:
    return Sample(
        **{
            "id": number, "title": title, "licence": "by", "heat": 0, "worded": 1, "unconfirmed": 0, "coauthors": [],
            "is_by": lambda person: False, "author": author, "author_id": author.id, "campaign": campaign,
            "votes": votes, "comments": comments, "submitted_at": now() - timedelta(days=number * 2),
            "excerpt": _("Two euros of deposit, given back at the counter or in any other shop. One leaves with a coffee and comes back with the bottle."),
            "url": "#cards", "version": 1, "language": "en", "image": None, "answered": False, "withdrawn": False, "answer": None,
            "category": None, "cost": None, "place": None, "authors": [author], "labels": {}, "status": None, "qualified_at": None,
        }
        | more
    )  # fmt: skip

"""Ideas of people without an account, where a brand allows them: kept until a link in a mail proves the address, then on the board.

What stands on the board belongs to whoever reads that mailbox: making an account with the address takes it over. The asker
sees the same whether an address has an account or not; only its mailbox is told.
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from flask import current_app
from flask_babel import lazy_gettext as _l
from itsdangerous import BadData, URLSafeTimedSerializer
from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaign.accounts.access import person_by_email
from campaign.accounts.actions import prove_address, tidy_email
from campaign.accounts.links import LinkOver
from campaign.brands.access import Asker
from campaign.brands.gates import check_gate
from campaign.campaigns.access import campaign_for, open_to
from campaign.campaigns.models import Campaign
from campaign.campaigns.questions import questions_of
from campaign.campaigns.rules import standing_rules
from campaign.campaigns.ruling import Agreement, check_agreement
from campaign.clock import now
from campaign.database import UTCDateTime, lock
from campaign.errors import Refused, SignInFirst
from campaign.extensions import db
from campaign.ideas.actions import IdeasClosed, TitleTaken, submit_idea
from campaign.ideas.models import Idea
from campaign.ideas.origins import check_origin
from campaign.ideas.similar import twin_of
from campaign.mail import send_mail
from campaign.verifications.access import asked_before

KEPT = timedelta(days=3)  # As long does the link work, and the address wait.


class TooQuick(Refused):
    code, message = "too_quick", _l("That was very quick. Read it once more, then send it again.")


class AccountNeeded(Refused):
    """The brand has changed its mind since the idea came in, or asks by now what only an account can answer."""

    code = "account_needed"
    message = _l(
        "Meanwhile this campaign takes ideas only from people with an account. Your words are still here: "
        "make one with the same address, and suggest your idea there."
    )


class GuestsUnverified(AccountNeeded):
    """What the campaign asks to be verified can only be shown from an account."""

    message = _l(
        "This campaign asks whoever gives an idea for a verification, which needs an account. Make one, and suggest your idea there."
    )
    leads_to = "/sign-up", _l("Create an account")


class GuestIdea(db.Model):
    """An idea that waits for the link in a mail to be followed. Gone a few days later, whether it was or not."""

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"))
    campaign: Mapped[Campaign] = relationship()
    key: Mapped[str] = mapped_column(String(64), unique=True)  # Of what was sent: sent twice, it is one idea.
    email: Mapped[str] = mapped_column(String(254))
    name: Mapped[str] = mapped_column(String(60))
    language: Mapped[str] = mapped_column(String(2))  # In which its author reads.
    content: Mapped[dict[str, Any]] = mapped_column(JSON)  # What submit_idea wants to know.
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=now, index=True)
    idea_id: Mapped[int | None] = mapped_column(ForeignKey("idea.id", ondelete="CASCADE"))
    idea: Mapped[Idea | None] = relationship()  # What became of it.


def invites_guests(campaign: Campaign) -> bool:
    """Whether people without an account may suggest an idea now. They are not asked questions, so none may need an answer."""
    if not (campaign.takes_guests and campaign.accepts_ideas):
        return False
    if asked_before(campaign, "idea").kinds:
        return False
    return not any(question.required for question in questions_of(campaign))


def campaign_inviting_guests(person: Asker, slug: str) -> Campaign:
    """The campaign, if this person may see it. Raises IdeasClosed, and SignInFirst where an account is needed."""
    campaign = campaign_for(person, slug)
    if not campaign.accepts_ideas:
        raise IdeasClosed
    if campaign.takes_guests and asked_before(campaign, "idea").kinds:
        raise GuestsUnverified
    if not invites_guests(campaign):
        raise SignInFirst
    return campaign


def guest_page(slug: str) -> str:
    """Where somebody without an account suggests an idea. Raises SignInFirst where they can't, or there is nothing."""
    campaign = db.session.scalar(db.select(Campaign).where(Campaign.slug == slug))
    if campaign is None or not campaign.is_open_to_all or not invites_guests(campaign):
        raise SignInFirst
    return f"{campaign.url}/ideas/guest"


def offer_idea(
    campaign: Campaign,
    name: str,
    email: str,
    language: str,
    content: dict[str, Any],
    agreement: Agreement | None,
    key: str,
) -> None:
    """Keep a guest's idea and send the link that puts it on the board. Sent again as it was, it is one idea and one mail.

    Whose the address is plays no part here, so nobody learns it from the answer. Raises what the idea itself lacks.
    """
    email = tidy_email(email)
    if twin := twin_of(campaign, content["title"]):
        raise TitleTaken(twin)
    check_gate("links", None, campaign.brand_id, f"{content['title']}\n{content['text']}")
    rules = standing_rules(campaign)
    check_origin(campaign, rules, content["origin"], content["builds_on"])
    if rules is not None:
        check_agreement(rules, agreement)
        assert agreement is not None
        content = {**content, "agreement": [agreement.number, agreement.of_age, agreement.from_country]}
    # With the words and the address in it: who goes back to mend a slip in either sends the old key again.
    once = hashlib.sha256(f"{key}\n{email}\n{content['title']}\n{content['text']}".encode()).hexdigest()
    kept = GuestIdea(campaign=campaign, key=once, email=email, name=name, language=language, content=content)
    try:
        with db.session.begin_nested():
            db.session.add(kept)
    except IntegrityError:
        return  # A second click.
    told = {"name": name, "title": content["title"], "campaign": campaign, "brand": campaign.brand}
    send_mail(kept.email, language, "guest-idea", token=token_for(kept), **told)


def token_for(kept: GuestIdea) -> str:
    """What the link in the mail ends with."""
    token = _signer().dumps(kept.id)
    return token if isinstance(token, str) else token.decode()


def read_guest_link(person: Asker, token: str) -> GuestIdea:
    """The idea that a link in a mail stands for. Raises LinkOver."""
    try:
        kept = db.session.get(GuestIdea, _signer().loads(token, max_age=int(KEPT.total_seconds())))
    except BadData:
        raise LinkOver from None
    if kept is None or not open_to(person, kept.campaign):
        raise LinkOver
    return kept


def name_to_stand(kept: GuestIdea) -> str:
    """Under which name the idea will stand: the account's, where the address has one that is proved."""
    owner = person_by_email(kept.email)
    return owner.name if owner and owner.confirmed_at else kept.name


def agreement_of(kept: GuestIdea) -> Agreement | None:
    """What was ticked below it when it came in, where there was something to tick."""
    if "agreement" not in kept.content:
        return None
    number, of_age, from_country = kept.content["agreement"]
    return Agreement(number, accepts=True, of_age=of_age, from_country=from_country)


def confirm_guest_idea(
    kept: GuestIdea, added: Mapping[str, Any] = MappingProxyType({}), agreement: Agreement | None = None
) -> Idea:
    """Put a guest's idea on the board, once its mailbox says so. Done twice, it is one idea.

    `added`, `agreement`: what was said with it, where the campaign has come to ask more since the idea came in. Raises
    AccountNeeded, and what submit_idea does.
    """
    lock(kept)
    if kept.idea is not None:
        return kept.idea
    if kept.campaign.accepts_ideas and not invites_guests(kept.campaign):
        raise AccountNeeded
    content = {**kept.content, **added}
    kind, what = content["received"]
    author = prove_address(kept.email, kept.name, kept.language)
    category = next((one for one in kept.campaign.categories if one.slug == content["category"]), None)
    kept.idea = submit_idea(
        kept.campaign,
        author,
        content["title"],
        content["text"],
        language=content["language"],
        category=category,
        key=kept.key,  # Not the row's number, which may be another's once this one is forgotten.
        licence=content["licence"],
        agreement=agreement or agreement_of(kept),
        origin=content["origin"],
        builds_on=content["builds_on"],
        received=(kind, what),
    )
    return kept.idea


def forget_guest_ideas() -> None:
    """Delete what waited for its link too long, and what needs it no more. Commits."""
    db.session.execute(db.delete(GuestIdea).where(GuestIdea.at < now() - KEPT))
    db.session.commit()


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.secret_key or "", salt="link.guest-idea")

"""What people do with ideas: submit, edit, withdraw, put back."""

import random
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError

from campaign.accounts.models import Person
from campaign.brands.gates import check_gate
from campaign.brands.suspensions import check_not_suspended
from campaign.campaigns.access import keep_as_it_is
from campaign.campaigns.incentives import declare_own, keep_staff
from campaign.campaigns.models import Campaign, Category
from campaign.campaigns.questions import Question
from campaign.campaigns.ruling import Agreement, hold_to_rules
from campaign.campaigns.sealing import seal_on
from campaign.clock import now
from campaign.database import begin_writing, lock, lock_words
from campaign.documents import Document
from campaign.errors import Refused
from campaign.extensions import db
from campaign.history import record
from campaign.ideas.attaching import check_attached, show_documents, show_pictures
from campaign.ideas.beginning import check_own_words
from campaign.ideas.building import check_building, licence_for, takes
from campaign.ideas.dealing import LOTS
from campaign.ideas.edit_ends import is_reopened, why_ended
from campaign.ideas.following import tell_followers
from campaign.ideas.holding import waits_for_a_look, was_edited
from campaign.ideas.models import UNSEEN, Idea, IdeaVersion, Withdrawal
from campaign.ideas.origins import check_origin
from campaign.ideas.replies import keep_replies, public_answers
from campaign.ideas.rewording import ask_supporters_again, meaning
from campaign.ideas.searching import index_idea
from campaign.ideas.shares import check_share, wait_for_share
from campaign.ideas.similar import twin_of
from campaign.ideas.tagging import find_tags
from campaign.ideas.trending import weight_at
from campaign.images import Image
from campaign.live import announce
from campaign.text import excerpt, title_key
from campaign.verifications.access import check_verified


class IdeasClosed(Refused):
    code, message = "ideas_closed", _l("This campaign doesn’t take ideas now.")


class EditsClosed(Refused):
    code, message = "edits_closed", _l("Ideas of this campaign can’t be changed now.")


class LicenceChanged(Refused):
    code = "licence_changed"
    message = _l(
        "The campaign has changed its licence meanwhile. Read beside the form what it is now, and send your idea again."
    )


class CategoryMissing(Refused):
    code, message, field = "category_missing", _l("Choose the category that fits best."), "category"


class IdeaWithdrawn(Refused):
    code, message = "idea_withdrawn", _l("This idea was withdrawn by its author.")


class IdeaMerged(IdeaWithdrawn):
    code, message = "idea_merged", _l("This idea was merged into another one, which stands for both now.")


class IdeaRetired(IdeaWithdrawn):
    message = _l("Its author retired this idea in favour of another one.")


class IdeaExpired(IdeaWithdrawn):
    code = "idea_expired"
    message = _l(
        "This idea ran out of time before it had the supporters that its campaign asks. It stays here to be read, and takes no votes."
    )


class IdeaUnseen(IdeaWithdrawn):
    code = "idea_unseen"
    message = _l("Only its author and the team can read this idea now: a moderator looks at it, or has taken it down.")


def why_gone(kind: str, message: Any = None) -> IdeaWithdrawn:
    """The refusal where an idea has left the board, by the kind of its withdrawal. `message`: where its author took it back."""
    return GONE[kind]() if kind != "withdrawn" else IdeaWithdrawn(message)


GONE: dict[str, type[IdeaWithdrawn]] = {
    "withdrawn": IdeaWithdrawn,
    "retired": IdeaRetired,
    "merged": IdeaMerged,
    "expired": IdeaExpired,
    "held": IdeaUnseen,
    "hidden": IdeaUnseen,
}


class SupportedIdea(Refused):
    code, message = (
        "supported_idea",
        _l("People support this idea already, so it can’t be withdrawn any more. You can still edit it."),
    )


class EditedMeanwhile(Refused):
    code, message = (
        "edited_meanwhile",
        _l(
            "This idea was edited in another window meanwhile. Your words are still here: compare them, then save again."
        ),
    )


class TitleTaken(Refused):
    """The same idea is on the board already, by anybody."""

    code, field = "title_taken", "title"
    message = _l("This idea is on the board already. Support that one, or say what is different in yours.")

    def __init__(self, idea: Idea, message: Any = None) -> None:
        super().__init__(message)
        self.leads_to = idea.url, idea.title


class ReasonMissing(Refused):
    code, message, field = "reason_missing", _l("Say in a few words why you take the idea back."), "reason"


def submit_idea(
    campaign: Campaign,
    author: Person,
    title: str,
    text: str = "",
    *,
    language: str,
    category: Category | None = None,
    tags: Sequence[str] = (),
    images: Sequence[Image] = (),
    documents: Sequence[Document] = (),
    key: str | None = None,
    licence: str | None = None,
    agreement: Agreement | None = None,
    origin: str | None = None,
    builds_on: str = "",
    received: tuple[str, str] = ("", ""),
    replies: Mapping[Question, Any] = MappingProxyType({}),
    parent: Idea | None = None,
    recorded: bool = False,
) -> Idea:
    """Put an idea on the campaign's board. Sent again with the same key, it is the idea that already stands there.

    `licence`: what its author was told, where they were told; raises LicenceChanged when the campaign has another by now.
    `agreement`: what they ticked below it, needed where they have not accepted the campaign's rules. `origin`: whose they say it
    is, needed where the campaign asks, with whose work is in it in `builds_on`. `received`: what they say they have from the
    brand, as its kind and in words. `parent`: the idea that this one is built on, which its licence has to allow. `recorded`: the
    brand's team writes down what somebody gave elsewhere, so nothing is asked that only an account can show.
    Raises TitleTaken where another stands there with the same title, OnlyTheBeginning, and AllIdeasGiven.
    """
    if (sent := sent_before(author, key)) is not None:
        return sent
    if not takes(campaign, parent):
        raise IdeasClosed
    if campaign.categories and category is None:
        raise CategoryMissing
    if parent is not None:
        check_building(parent, campaign, author)
    check_own_words(campaign, text)
    check_attached(campaign, images, documents)
    wait_for_share(campaign, author)
    take_title(campaign, title)
    if (sent := sent_before(author, key)) is not None:
        return sent  # A second click got here first, while we waited for our turn.
    _check_still_open(campaign, licence, parent)
    check_not_suspended(campaign.brand_id, author)
    check_share(campaign, author)
    if not recorded:
        _check_gates(campaign, author, f"{title}\n{text}", "", bool(images or documents))
        check_verified(campaign, author, "idea", f"{campaign.url}/ideas/new", goes_there=True)
    if twin := twin_of(campaign, title):
        raise TitleTaken(twin)
    rules = hold_to_rules(campaign, author, agreement)
    check_origin(campaign, rules, origin, builds_on)
    try:
        with db.session.begin_nested():
            idea = make_idea(campaign, author, title, text, language=language, category=category, key=key)
            idea.parent_id, idea.licence = parent.id if parent else None, licence_for(campaign, parent)
            db.session.flush()
    except IntegrityError:
        sent = sent_before(author, key)
        assert sent is not None  # A second click got here first; its idea is this one.
        return sent
    idea.rules, idea.builds_on = rules, builds_on
    idea.tags = find_tags(campaign, tags)
    show_pictures(idea, images)
    show_documents(idea, documents)
    keep_replies(idea, replies)
    write_version(idea, author, answers=public_answers(idea), rules_id=rules.id if rules else None)
    index_idea(idea)
    keep_staff(campaign, author)
    declare_own(campaign, author, *received)
    _publish(idea)
    return idea


def _check_gates(campaign: Campaign, author: Person, words: str, before: str, files: bool) -> None:
    """Raise what the brand lets only people do whom it knows: links that weren't there before, and files that come with it."""
    check_gate("links", author, campaign.brand_id, words, before)
    if files:
        check_gate("pictures", author, campaign.brand_id)


def _publish(idea: Idea) -> None:
    if not waits_for_a_look(idea):
        announce(idea.campaign.board, "idea.submitted", ideas=[idea.id])
        tell_suggested(idea)


def _check_still_open(campaign: Campaign, licence: str | None, parent: Idea | None) -> None:
    """Hold the campaign, and raise what changed while an idea waited for its turn."""
    keep_as_it_is(campaign)
    if not takes(campaign, parent):
        raise IdeasClosed
    if licence not in (None, licence_for(campaign, parent)):
        raise LicenceChanged


def take_title(campaign: Campaign, title: str) -> None:
    """Be the only one, until the commit, who puts an idea of this title on the board."""
    begin_writing()
    lock_words(f"{campaign.id} {title_key(title)}")


def check_editable(idea: Idea, by_author: bool = False) -> None:
    """Raise IdeaWithdrawn or EditsClosed where an idea can't be changed now, by an amendment; or `by_author`, who may have been asked to."""
    if idea.withdrawal and idea.withdrawal.kind not in UNSEEN:
        raise why_gone(idea.withdrawal.kind)
    if by_author and is_reopened(idea):
        return
    if not idea.campaign.accepts_edits:
        raise EditsClosed
    if ended := why_ended(idea):
        raise EditsClosed(ended)


def edit_idea(
    idea: Idea,
    editor: Person,
    title: str,
    text: str,
    *,
    language: str,
    category: Category | None,
    tags: Sequence[str],
    pictures: Sequence[tuple[Image, str]],
    documents: Sequence[Document],
    read: int | None = None,
    replies: Mapping[Question, Any] = MappingProxyType({}),
    agreement: Agreement | None = None,
    amender: Person | None = None,
    amended_under: int | None = None,
) -> None:
    """Give the idea a new version; the earlier ones stay readable. Without a change, nothing happens.

    `pictures` come with their descriptions. `read` is the version that the editor had before them; where another came meanwhile, EditedMeanwhile.
    `agreement`: what the editor ticked below them, needed where they have not accepted the rules as they are now, and the idea says
    something else. `amender`: whose amendment it takes, given under the version `amended_under` of the rules.
    """
    renamed = _hold_for_edit(idea, title)
    check_not_suspended(idea.campaign.brand_id, editor)
    if read is not None and read != idea.version:
        raise EditedMeanwhile
    check_editable(idea, by_author=amender is None)
    if idea.campaign.categories and category is None and amender is None:  # Whose words these are chooses no category.
        raise CategoryMissing
    check_own_words(idea.campaign, text)
    check_attached(idea.campaign, pictures, documents)
    text_before = f"{idea.title}\n{idea.text}"
    if amender is None:
        new_files = {image for image, _alt in pictures} - set(idea.images) or set(documents) - set(idea.documents)
        _check_gates(idea.campaign, editor, f"{title}\n{text}", text_before, bool(new_files))
    if renamed and (twin := twin_of(idea.campaign, title)):
        raise TitleTaken(twin)
    before, meant = _said(idea), meaning(idea)
    kept = [tag for tag in idea.tags if tag.staff_only]  # The team's tags are not the author's to take off.
    idea.tags = [*find_tags(idea.campaign, tags), *kept]
    idea.title, idea.text, idea.excerpt, idea.category, idea.language = title, text, excerpt(text), category, language
    for image, alt in pictures:
        image.alt = alt
    show_pictures(idea, [image for image, _alt in pictures])
    show_documents(idea, documents)
    keep_replies(idea, replies)
    db.session.flush()
    if before == _said(idea):
        return
    idea.version += 1
    reworded = meant != meaning(idea)
    rules_id = _rules_of_edit(idea, editor, agreement, reworded) if amender is None else amended_under
    write_version(idea, editor, answers=public_answers(idea), amender=amender, rules_id=rules_id)
    if reworded:
        ask_supporters_again(idea)
    keep_staff(idea.campaign, editor)
    index_idea(idea)
    record("idea.edited", idea, by=editor, version=idea.version)
    was_edited(idea, text_before, editor)
    if not idea.unseen:
        announce(idea.campaign.board, "idea.edited", ideas=[idea.id])


def _hold_for_edit(idea: Idea, title: str) -> bool:
    """Hold what an edit hangs on; gives whether the idea is called something else by it."""
    lock(idea)
    renamed = title_key(title) != idea.title_key
    if renamed:
        take_title(idea.campaign, title)
    if idea.campaign.accepts_ballots:
        lock(idea.campaign)  # No ballot comes between: it is for the words from before, or for those from then on.
    keep_as_it_is(idea.campaign)
    return renamed


def _rules_of_edit(idea: Idea, editor: Person, agreement: Agreement | None, reworded: bool) -> int | None:
    """Under which version of the rules an edit is given: what says something else is a contribution of now, the rest of before."""
    if not reworded:
        return idea.versions[-1].rules_id if idea.versions else idea.rules_id
    rules = hold_to_rules(idea.campaign, editor, agreement)
    return rules.id if rules else None


def withdraw_idea(idea: Idea, by: Person, reason: str) -> None:
    """Take one's idea off the board, while nobody supports it or nobody can know. It stays readable in the list of withdrawn ideas.

    Votes that it has go back to their voters. Once a vote in which it stood is over, it stays in the result: what other slices say
    of that is raised.
    """
    lock(idea)  # A vote that is being cast meanwhile is waited for, and seen; so is a second click.
    if idea.withdrawn:
        return
    if not reason:
        raise ReasonMissing
    if no := why_it_stays(idea) or _first_of(_staying_at_last, idea):
        raise no
    take_off(idea, Withdrawal(reason=reason))
    record("idea.withdrawn", idea, by=by, why=reason)
    announce(idea.campaign.board, "idea.withdrawn", gone=[idea.id])
    tell_followers("withdrawn", idea.campaign, idea)


def take_off(idea: Idea, withdrawal: Withdrawal) -> None:
    """Have an idea off the board, and its votes rest: they count nowhere, and each voter finds a notice. The idea is held by then."""
    for follow in _leaving:
        follow(idea)
    idea.withdrawal = withdrawal


def why_it_stays(idea: Idea) -> Refused | None:
    """Why its author may not take it back, as far as a page can know. Where votes are sealed, a refusal would tell of them."""
    if no := _first_of(_staying, idea):
        return no
    return SupportedIdea() if idea.votes and seal_on(idea.campaign) == "always" else None


def why_it_stays_away(idea: Idea) -> Refused | None:
    """Why its author may not put it back, as far as votes are concerned."""
    return _first_of(_staying_away, idea)


def _first_of(questions: "list[Why]", idea: Idea) -> Refused | None:
    return next((no for why in questions if (no := why(idea)) is not None), None)


class StaysAway(Refused):
    code = "stays_away"
    message = _l(
        "While counts are sealed, an idea that was taken back stays off the board. Put it back when they are shown."
    )


Follow = Callable[[Idea], None]
_leaving: list[Follow] = []
_coming_back: list[Follow] = []
_beginning: list[Follow] = []
_suggested: list[Follow] = []


def when_suggested(tell: Follow) -> None:
    """Have another slice tell of an idea that somebody has put on the board, in the same transaction."""
    _suggested.append(tell)


def tell_suggested(idea: Idea) -> None:
    """Tell of an idea that can be read by everybody from now on."""
    for tell in _suggested:
        tell(idea)


Why = Callable[[Idea], Refused | None]
_staying: list[Why] = []
_staying_at_last: list[Why] = []
_staying_away: list[Why] = []


def stay_where(why: Why, at_last: bool = False) -> None:
    """Have another slice say why an author can't take an idea back. `at_last`: that takes longer to find than a page may."""
    (_staying_at_last if at_last else _staying).append(why)


def put_back_unless(why: Why) -> None:
    """Have another slice say why an author can't put an idea back."""
    _staying_away.append(why)


def when_made(begin: Follow) -> None:
    """Have another slice add what an idea begins with, in the transaction that makes it. It has no id yet."""
    _beginning.append(begin)


def votes_follow(leaving: Follow, coming_back: Follow) -> None:
    """Have the slice of votes see to the votes of an idea that leaves the board, and of one that comes back."""
    _leaving.append(leaving)
    _coming_back.append(coming_back)


def come_back(idea: Idea) -> None:
    """Have the votes of an idea that comes back to the board go to their voters for good: they may have given them to another since."""
    for follow in _coming_back:
        follow(idea)


def restore_idea(idea: Idea, by: Person) -> None:
    """Put a withdrawn idea back on the board, without votes. Done twice at once, it is written down once.

    Raises TitleTaken where another came there with its title meanwhile; and what other slices say, where a vote is over from which it
    was taken back.
    """
    lock(idea)
    if not idea.withdrawn:
        return
    if idea.merged_into:
        raise IdeaMerged
    if idea.unseen:
        raise IdeaUnseen
    if idea.expiry:
        raise IdeaExpired
    wait_for_share(idea.campaign, idea.author)
    take_title(idea.campaign, idea.title)
    keep_as_it_is(idea.campaign)
    if not idea.campaign.accepts_ideas:
        raise IdeasClosed
    if seal_on(idea.campaign) != "always":
        raise StaysAway
    if no := why_it_stays_away(idea):
        raise no
    check_not_suspended(idea.campaign.brand_id, by)
    check_share(idea.campaign, idea.author)
    if twin := twin_of(idea.campaign, idea.title):
        raise TitleTaken(twin, _("Another idea with this title is on the board by now, so yours stays off it."))
    come_back(idea)
    idea.withdrawal = None
    record("idea.restored", idea, by=by)
    announce(idea.campaign.board, "idea.restored", ideas=[idea.id])


# What an import uses as well: rows without the campaign's dates being asked.


def make_idea(
    campaign: Campaign,
    author: Person,
    title: str,
    text: str,
    *,
    language: str,
    category: Category | None = None,
    key: str | None = None,
    cost: Decimal | None = None,
    place: str | None = None,
    at: datetime | None = None,
) -> Idea:
    """A new idea's row, in the session and not yet shown, tagged or findable."""
    submitted_at = at or now()
    idea = Idea(
        campaign=campaign,
        author=author,
        key=key,
        title=title,
        text=text,
        excerpt=excerpt(text),
        language=language,
        category=category,
        cost=cost,
        place=place,
        submitted_at=submitted_at,
        licence=campaign.licence,
        heat=weight_at(submitted_at),
        lot=random.randrange(1, LOTS),  # noqa: S311  Nothing is won by guessing it.
    )
    db.session.add(idea)
    for begin in _beginning:
        begin(idea)
    return idea


def write_version(
    idea: Idea,
    editor: Person,
    at: datetime | None = None,
    answers: Sequence[dict[str, Any]] = (),
    amender: Person | None = None,
    rules_id: int | None = None,
) -> None:
    """Keep what the idea says now as its version `idea.version`."""
    idea.versions.append(
        IdeaVersion(
            number=idea.version,
            title=idea.title,
            text=idea.text,
            language=idea.language,
            category=idea.category.slug if idea.category else None,
            pictures=[{"key": image.key, "alt": image.alt} for image in idea.images],
            documents=[{"key": document.key, "name": document.name} for document in idea.documents],
            answers=list(answers),
            tags=[tag.name for tag in idea.tags],
            editor=editor,
            amender=amender,
            rules_id=rules_id,
            at=at or now(),
        )
    )


def _said(idea: Idea) -> tuple[Any, ...]:
    """Everything of an idea that makes a version."""
    attached = [(image.id, image.alt) for image in idea.images], [document.id for document in idea.documents]
    tags = {tag.slug for tag in idea.tags}
    return idea.title, idea.text, idea.language, idea.category_id, tags, attached, public_answers(idea)


def sent_before(author: Person, key: str | None) -> Idea | None:
    """The idea that this author already sent with this key."""
    return db.session.scalar(db.select(Idea).filter_by(author_id=author.id, key=key)) if key else None

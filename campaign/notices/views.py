"""The page of notices, what somebody wishes of them, and the way out of the mails."""

from flask import Blueprint, flash, jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_required
from sqlalchemy.exc import SQLAlchemyError

from campaign.commits import commit_unseen
from campaign.extensions import csrf, db
from campaign.forms import ask
from campaign.ideas.orders import NoSuchPage
from campaign.notices.access import campaigns_heard_of
from campaign.notices.beside import unread_notices
from campaign.notices.ending import DIGESTS, end_mails, read_ending
from campaign.notices.forms import wishes_form
from campaign.notices.kinds import HOW, KINDS
from campaign.notices.listing import page_of, read_about, read_all, unread_of
from campaign.notices.wishes import choose, exceptions_of, wishes_of
from campaign.notices.words import title_of, url_of, words_of

bp = Blueprint("notices", __name__)


def _unread() -> int:
    """For the header of every page: one query at most, and none for who is nobody."""
    try:
        return unread_notices(current_user) if current_user.is_authenticated else 0
    except SQLAlchemyError:
        return 0  # The page which says that the database is away has a header too.


bp.app_context_processor(
    lambda: {"unread_notices": _unread, "words_of": words_of, "url_of_notice": url_of, "title_of_notice": title_of}
)


@bp.get("/notices")
@login_required
def show() -> ResponseReturnValue:
    before = _number("from") if "from" in request.args else None
    page = page_of(current_user, before)
    newest = max((group.newest.id for group in page.groups), default=0) if before is None else 0
    return render_template(
        "notices/show.html",
        groups=page.groups,
        newest=newest,
        next_url=f"/notices?from={page.cursor}" if page.cursor else None,
        first=before is None,
    )


@bp.get("/notices/unread")
@login_required
def unread() -> ResponseReturnValue:
    """For a page that was away, and asks how many there are by now."""
    answer = jsonify(unread=unread_of(current_user))
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.post("/notices/reading")
@login_required
def read() -> ResponseReturnValue:
    until = request.form.get("until", type=int) or 0
    about = request.form.get("about", type=int)
    if not (0 <= until < 2**31 and abs(about or 0) < 2**31):
        raise NoSuchPage
    if about:
        read_about(current_user, about, until)
    else:
        read_all(current_user, until)
    commit_unseen()
    return redirect("/notices")


@bp.route("/profile/notices", methods=["GET", "POST"])
@login_required
def wishes() -> ResponseReturnValue:
    campaigns = campaigns_heard_of(current_user)
    form = wishes_form(wishes_of(current_user), campaigns, exceptions_of(current_user))
    page = ask("notices/wishes.html", form, kinds=KINDS, campaigns=campaigns)
    if not form.is_submitted():
        return page()
    if not form.validate():
        return page(), 422
    choose(current_user, form.kinds, form.exceptions)
    db.session.commit()
    flash(_("Saved."), "good")
    return redirect("/profile/notices")


@bp.get("/notices/ending/<token>")
def ending(token: str) -> ResponseReturnValue:
    """Asks first: programs that look at mails follow their links."""
    return _ending_page(token, over=None)


@bp.post("/notices/ending/<token>")
@csrf.exempt  # Mail programs send it at one press, without our page; the token says whose wish it is.
def ended(token: str) -> ResponseReturnValue:
    what = request.form.get("what", "kind")
    what = what if what in ("campaign", "all") else "kind"
    end_mails(read_ending(token), what)
    db.session.commit()
    return _ending_page(token, over=what)


def _ending_page(token: str, over: str | None) -> str:
    found = read_ending(token)
    return render_template(
        "notices/ending.html",
        campaign_told=found.campaign,
        brand=found.campaign.brand if found.campaign else None,
        kind=None if found.kind == DIGESTS else KINDS[found.kind],
        how=HOW,
        over=over,
    )


def _number(name: str) -> int:
    given = request.args[name]
    if not (given.isascii() and given.isdigit() and len(given) < 10):
        raise NoSuchPage
    return int(given)

"""The pages of newsletters: for who writes them, and for who wants them or not."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user, login_required

from campaign.accounts.attempts import MAILS_BY_ONE, count
from campaign.brands.access import brand_for, may
from campaign.brands.models import Brand
from campaign.campaigns.access import campaigns_of
from campaign.commits import commit_unseen
from campaign.extensions import csrf, db
from campaign.forms import ask
from campaign.ideas.orders import NoSuchPage
from campaign.newsletters.access import newsletter_for, newsletters_of
from campaign.newsletters.actions import (
    count_recipients,
    is_written,
    languages_of,
    next_from,
    remove_draft,
    send_newsletter,
    send_test,
    write_newsletter,
)
from campaign.newsletters.forms import NewsletterForm, WishesForm
from campaign.newsletters.models import Newsletter
from campaign.newsletters.segments import NAMES
from campaign.newsletters.wishing import brands_known, choose, read_ending, subscribe, unsubscribe
from campaign.rendering import prepare_markdown

bp = Blueprint("newsletters", __name__)


@bp.get("/brands/<slug>/newsletters")
@login_required
def listed(slug: str) -> ResponseReturnValue:
    brand = brand_for(current_user, slug, to="manage")
    given = request.args.get("from", "")
    if given and not (given.isascii() and given.isdigit() and len(given) < 10):
        raise NoSuchPage
    newsletters, cursor = newsletters_of(brand, int(given) if given else None)
    everybody = Newsletter(brand_id=brand.id, segment="everybody", subjects={}, texts={})
    return render_template(
        "newsletters/list.html",
        newsletters=newsletters,
        asking=sum(count_recipients(everybody).values()),
        next_from=next_from(brand),
        next_url=f"{brand.url}/newsletters?from={cursor}" if cursor else None,
        first=not given,
        **_around(brand),
    )


@bp.route("/brands/<slug>/newsletters/new", methods=["GET", "POST"])
@login_required
def new(slug: str) -> ResponseReturnValue:
    return _edit(brand_for(current_user, slug, to="manage"))


@bp.get("/brands/<slug>/newsletters/<id:newsletter_id>")
@login_required
def show(slug: str, newsletter_id: int) -> ResponseReturnValue:
    newsletter = newsletter_for(current_user, slug, newsletter_id)
    prepare_markdown(newsletter.texts.values())
    draft = newsletter.sent_at is None
    codes = languages_of(newsletter.brand, newsletter.campaign)
    return render_template(
        "newsletters/show.html",
        newsletter=newsletter,
        codes=codes if draft else [code for code in newsletter.texts if newsletter.texts[code]],
        counts=count_recipients(newsletter) if draft else {},
        written=is_written(newsletter),
        next_from=next_from(newsletter.brand) if draft else None,
        **_around(newsletter.brand),
    )


@bp.route("/brands/<slug>/newsletters/<id:newsletter_id>/words", methods=["GET", "POST"])
@login_required
def words(slug: str, newsletter_id: int) -> ResponseReturnValue:
    newsletter = newsletter_for(current_user, slug, newsletter_id)
    if newsletter.sent_at is not None and request.method == "GET":
        return redirect(newsletter.url)
    return _edit(newsletter.brand, newsletter)


@bp.post("/brands/<slug>/newsletters/<id:newsletter_id>/test")
@login_required
def test(slug: str, newsletter_id: int) -> ResponseReturnValue:
    newsletter = newsletter_for(current_user, slug, newsletter_id)
    count(MAILS_BY_ONE, "newsletter-test", str(current_user.id))
    sent = send_test(newsletter, current_user)
    db.session.commit()
    if sent:
        told = ngettext(
            "A test is on its way to %(email)s.",
            "%(num)s tests are on their way to %(email)s, one in each language.",
            sent,
            email=current_user.email,
        )
        flash(told, "good")
    else:
        flash(_("There is nothing to send yet: write its text first."), "attention")
    return redirect(newsletter.url)


@bp.post("/brands/<slug>/newsletters/<id:newsletter_id>/sending")
@login_required
def sending(slug: str, newsletter_id: int) -> ResponseReturnValue:
    newsletter = newsletter_for(current_user, slug, newsletter_id)
    send_newsletter(newsletter, current_user, request.form.get("read", ""))
    db.session.commit()
    flash(_("It is on its way."), "good")
    return redirect(newsletter.url)


@bp.post("/brands/<slug>/newsletters/<id:newsletter_id>/removal")
@login_required
def removal(slug: str, newsletter_id: int) -> ResponseReturnValue:
    newsletter = newsletter_for(current_user, slug, newsletter_id)
    brand = newsletter.brand
    remove_draft(newsletter)
    db.session.commit()
    flash(_("The draft is gone."), "good")
    return redirect(f"{brand.url}/newsletters")


@bp.post("/brands/<slug>/newsletter")
@login_required
def wish(slug: str) -> ResponseReturnValue:
    """The tick on a brand's own page."""
    brand = brand_for(current_user, slug)
    wanted = request.form.get("wanted") == "yes"
    (subscribe if wanted else unsubscribe)(current_user, brand)
    commit_unseen()
    if wanted:
        flash(_("%(brand)s writes to you from now on. You can end it at any time.", brand=brand.name), "good")
    else:
        flash(_("%(brand)s sends you no newsletter.", brand=brand.name), "good")
    return redirect(f"{brand.url}#newsletter")


@bp.route("/profile/newsletters", methods=["GET", "POST"])
@login_required
def wishes() -> ResponseReturnValue:
    brands = brands_known(current_user)
    form = WishesForm(brands)
    page = ask("newsletters/wishes.html", form, brands=brands)
    if not form.is_submitted():
        return page()
    if not form.validate():
        return page(), 422
    choose(current_user, brands, form.brands.data or ())
    commit_unseen()
    flash(_("Saved."), "good")
    return redirect("/profile/newsletters")


@bp.get("/newsletters/ending/<token>")
def ending(token: str) -> ResponseReturnValue:
    """Asks first: programs that look at mails follow their links."""
    return _ending_page(token, over=False)


@bp.post("/newsletters/ending/<token>")
@csrf.exempt  # Mail programs send it at one press, without our page; the token says whose wish it is.
def ended(token: str) -> ResponseReturnValue:
    unsubscribe(*read_ending(token))
    commit_unseen()
    return _ending_page(token, over=True)


def _ending_page(token: str, over: bool) -> str:
    _person, brand = read_ending(token)
    return render_template("newsletters/ending.html", brand=brand, over=over)


def _edit(brand: Brand, newsletter: Newsletter | None = None) -> ResponseReturnValue:
    campaigns = campaigns_of(brand, current_user)
    form = NewsletterForm(languages_of(brand), campaigns, newsletter)
    page = ask("newsletters/words.html", form, newsletter=newsletter, **_around(brand))
    if not form.is_submitted():
        return page()
    if not form.validate():
        return page(), 422
    campaign = next((one for one in campaigns if one.id == form.campaign.data), None)
    kept = write_newsletter(
        brand,
        current_user,
        form.key.data,
        form.segment.data,
        campaign,
        form.written("subject"),
        form.written("text"),
        newsletter,
    )
    db.session.commit()
    return redirect(kept.url)


def _around(brand: Brand) -> dict[str, Any]:
    return {"brand": brand, "may_manage": may(current_user, "own", brand.id), "segments": NAMES}

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from campaign.accounts import robots
from campaign.accounts.attempts import (
    FROM_ONE_PLACE,
    IDEAS_BY_ONE,
    MAILS_TO_ONE,
    SIMILAR_FROM_ONE_PLACE,
    count,
    count_writing,
    mailbox_of,
    place,
)
from campaign.accounts.mailbox import look_in_your_mailbox
from campaign.campaigns.access import campaign_for
from campaign.campaigns.heading import around
from campaign.extensions import db
from campaign.forms import ask
from campaign.ideas.drafting import draft_with_words, new_key, save_draft
from campaign.ideas.guest_form import ConfirmationForm, GuestIdeaForm
from campaign.ideas.guests import (
    TooQuick,
    campaign_inviting_guests,
    confirm_guest_idea,
    name_to_stand,
    offer_idea,
    read_guest_link,
)
from campaign.ideas.similar import Similar, close_ideas
from campaign.ideas.views import bp
from campaign.languages import language


@bp.route("/campaigns/<slug>/ideas/guest", methods=["GET", "POST"])
def guest(slug: str) -> ResponseReturnValue:
    if current_user.is_authenticated:
        return _lead_to_own_form(slug)
    campaign = (
        campaign_inviting_guests(current_user, slug) if request.method == "GET" else campaign_for(current_user, slug)
    )
    form = GuestIdeaForm(campaign, data={"key": new_key(), "text": campaign.text.template})
    puzzle = robots.puzzle_in(request.form.get("page"))
    similar: list[Similar] = []
    page = ask("ideas/guest.html", form, puzzle=puzzle, robots=robots, similar=similar, **around(campaign))
    if not form.is_submitted():
        return page()
    campaign_inviting_guests(current_user, slug)  # Once the page is there that gives the words back.
    if not form.validate():
        return page(), 422
    if form.was_quick:
        raise TooQuick
    # Shown once: whoever has seen what is nearly the same may send theirs all the same.
    count(SIMILAR_FROM_ONE_PLACE, "similar.place", place())
    close = close_ideas(campaign, form.title.data)
    if {one.idea.id for one in close} - form.seen_ideas:
        similar += close
        return page(), 422
    robots.check_no_robot(request.form.get("page"), request.form.get("solved"), None)
    count(FROM_ONE_PLACE, "guest.place", place())
    count(MAILS_TO_ONE, "guest", mailbox_of(form.email.data))
    if not form.is_by_a_program:
        key = form.key.data or new_key()
        offer_idea(campaign, form.name.data, form.email.data, language(), form.content, form.agreement, key)
        db.session.commit()
    return look_in_your_mailbox("guest", form.email.data)


def _lead_to_own_form(slug: str) -> ResponseReturnValue:
    """Whoever has signed in uses the form of their own, and finds there what they typed in this one before."""
    campaign = campaign_for(current_user, slug)
    form = GuestIdeaForm(campaign)
    ask("ideas/guest.html", form, puzzle=robots.new_puzzle(), robots=robots, similar=[], **around(campaign))
    if form.is_submitted() and campaign.accepts_ideas and draft_with_words(campaign, current_user) is None:
        save_draft(campaign, current_user, new_key(), form.as_typed)
        db.session.commit()
    return redirect(f"{campaign.url}/ideas/new")


@bp.route("/guest-ideas/<token>", methods=["GET", "POST"])
def guest_confirmation(token: str) -> ResponseReturnValue:
    # By a button, because mail servers follow links to look for dangers, and would put the idea on the board.
    kept = read_guest_link(current_user, token)
    if kept.idea is not None:
        return redirect(kept.idea.url)
    form = ConfirmationForm(kept)
    page = ask(
        "ideas/guest_confirmation.html",
        form,
        kept=kept,
        name=name_to_stand(kept),
        **around(kept.campaign),
    )
    if not form.is_submitted():
        return page()
    if not form.validate():
        return page(), 422
    idea = confirm_guest_idea(kept, form.added, form.agreement)
    count_writing(IDEAS_BY_ONE, "idea", idea.author_id, idea.campaign.brand_id)
    db.session.commit()
    if idea.unseen:
        flash(_("Thank you! A moderator reads your idea before it is on the board."), "good")
    else:
        flash(_("Your idea is on the board. Thank you!"), "good")
    if not current_user.is_authenticated:
        flash(_("To change it or to vote, make an account with the same address: it is yours then."), "good")
    return redirect(idea.url)

"""Signing in and out, and the way there from a page that is for people with an account."""

from flask import flash, g, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from campaign.accounts.access import forget_person, local_path, sign_in_here, sign_out
from campaign.accounts.actions import recognise, send_confirmation
from campaign.accounts.appearance import speaking
from campaign.accounts.attempts import MAILS_TO_ONE, count, forget, forgive, mailbox_of, place, sign_in_limits
from campaign.accounts.blueprint import bp
from campaign.accounts.forms import SignInForm
from campaign.accounts.mailbox import look_in_your_mailbox
from campaign.accounts.onwards import onwards, referrer, wanted
from campaign.commits import commit_unseen
from campaign.errors import SignInFirst, as_json, wants_json
from campaign.extensions import db
from campaign.forms import ask
from campaign.languages import language


@bp.route("/sign-in", methods=["GET", "POST"], endpoint="sign_in")
def sign_in_page() -> ResponseReturnValue:
    if current_user.is_authenticated:
        return redirect(onwards())
    form = SignInForm(next=wanted())
    page = ask("accounts/sign_in.html", form)
    if not form.is_submitted():
        return page()
    if not form.validate():
        return page(), 422
    to_one, from_one_place = sign_in_limits()
    address = mailbox_of(form.email.data)
    count(from_one_place, "sign-in.place", place())
    count(to_one, "sign-in", address)
    person = recognise(form.email.data, form.password.data)
    forgive(from_one_place, "sign-in.place", place())
    if person.confirmed_at is None:
        # They keep their count of attempts: each of these sends a mail. And it goes where signing up sends its own.
        count(MAILS_TO_ONE, "sign-up", address)
        send_confirmation(person, form.next.data)
        commit_unseen()
        return look_in_your_mailbox("unconfirmed", person.email)
    forget(to_one, "sign-in", address)
    sign_in_here(person)
    commit_unseen()
    return redirect(form.next.data or "/")


@bp.post("/sign-out", endpoint="sign_out")
def leave() -> ResponseReturnValue:
    spoken = language()  # Known from their profile, which this browser is about to forget.
    sign_out()
    forget_person()
    commit_unseen()
    flash(_("You are signed out. See you soon."), "good")
    return speaking(spoken, redirect("/"))


@bp.app_errorhandler(SignInFirst)
def sign_in_first(error: SignInFirst) -> ResponseReturnValue:
    """Nobody's page becomes the way to sign in, and from there back to it."""
    db.session.rollback()
    g.pop("form_page", None)
    if wants_json():
        return jsonify(error=as_json(error)), error.status
    if request.method == "GET":
        flash(_("Sign in, and you go on right where you were."), "attention")
        onwards = local_path(request.full_path.rstrip("?"))
    else:
        flash(error.message, "attention")
        onwards = error.onwards or referrer()
    return redirect(url_for("accounts.sign_in", next=onwards))

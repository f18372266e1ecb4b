"""Signing up: a form, a mail, and the link in it."""

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from campaign.accounts import robots
from campaign.accounts.access import sign_in_here
from campaign.accounts.actions import confirm, person_to_confirm, sign_up
from campaign.accounts.attempts import FROM_ONE_PLACE, MAILS_TO_ONE, count, mailbox_of, place
from campaign.accounts.blueprint import bp
from campaign.accounts.forms import SignUpForm
from campaign.accounts.mailbox import look_in_your_mailbox
from campaign.accounts.onwards import onwards, wanted
from campaign.commits import commit_unseen
from campaign.forms import Form, ask
from campaign.languages import language


@bp.route("/sign-up", methods=["GET", "POST"], endpoint="sign_up")
def sign_up_page() -> ResponseReturnValue:
    if current_user.is_authenticated:
        return redirect(onwards())
    form = SignUpForm(next=wanted())
    puzzle = robots.puzzle_in(request.form.get("page"))
    page = ask("accounts/sign_up.html", form, puzzle=puzzle, robots=robots)
    if not form.is_submitted():
        return page()
    if not form.validate():
        return page(), 422
    robots.check_no_robot(request.form.get("page"), request.form.get("solved"), request.form.get("fax"))
    count(FROM_ONE_PLACE, "sign-up.place", place())
    count(MAILS_TO_ONE, "sign-up", mailbox_of(form.email.data))
    sign_up(form.name.data, form.email.data, form.password.data, language(), form.next.data)
    commit_unseen()
    return look_in_your_mailbox("confirmation", form.email.data)


@bp.route("/confirm/<token>", methods=["GET", "POST"], endpoint="confirm")
def confirm_page(token: str) -> ResponseReturnValue:
    # By a button, because mail servers follow links to look for dangers, and would use this one up.
    form = Form()
    page = ask("accounts/confirm.html", form, newcomer=person_to_confirm(token))
    if not form.validate_on_submit():
        return page()
    person, onwards = confirm(token)
    sign_in_here(person)
    commit_unseen()
    flash(_("Welcome, %(name)s. Your address is confirmed.", name=person.name), "good")
    return redirect(onwards or "/")

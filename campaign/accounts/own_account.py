"""One's own account: name, language, password, address, devices."""

from flask import flash, redirect
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user, login_required

from campaign.accounts.access import forget_person, present_sign_in, sign_ins, sign_out
from campaign.accounts.actions import (
    address_to_confirm,
    ask_for_address,
    change_address,
    change_password,
    describe,
    sign_out_everywhere,
)
from campaign.accounts.appearance import speaking
from campaign.accounts.attempts import MAILS_BY_ONE, MAILS_TO_ONE, count, forget, mailbox_of, sign_in_limits
from campaign.accounts.blueprint import bp
from campaign.accounts.forms import AddressForm, PasswordForm, ProfileForm
from campaign.accounts.mailbox import look_in_your_mailbox
from campaign.accounts.wished_mail import wants, wish_mail
from campaign.extensions import db
from campaign.forms import Form, ask
from campaign.languages import language

EDITS = "idea-reworded"


@bp.route("/profile", methods=["GET", "POST"])
@login_required
def profile() -> ResponseReturnValue:
    form = ProfileForm(obj=current_user, hears_of_edits=wants(current_user, EDITS))
    devices = sign_ins(current_user)
    page = ask("accounts/profile.html", form, devices=devices, this_device=present_sign_in())
    if not form.is_submitted():
        return page()
    if not form.validate():
        return page(), 422
    describe(current_user, form.name.data, form.language.data)
    wish_mail(current_user, EDITS, form.hears_of_edits.data)
    db.session.commit()
    flash(_("Saved."), "good")
    return speaking(form.language.data, redirect("/profile"))


@bp.route("/profile/password", methods=["GET", "POST"])
@login_required
def password() -> ResponseReturnValue:
    form = PasswordForm(current_user)
    page = ask("accounts/password.html", form)
    if not form.is_submitted():
        return page()
    if not form.validate():
        return page(), 422
    attempts = sign_in_limits()[0]
    count(attempts, "present-password", str(current_user.id))
    change_password(current_user, form.present_password.data, form.password.data, present_sign_in())
    forget(attempts, "present-password", str(current_user.id))
    db.session.commit()
    flash(_("Your new password is kept, and every other device is signed out."), "good")
    return redirect("/profile")


@bp.route("/profile/address", methods=["GET", "POST"])
@login_required
def address() -> ResponseReturnValue:
    form = AddressForm(current_user)
    page = ask("accounts/address.html", form)
    if not form.is_submitted():
        return page()
    if not form.validate():
        return page(), 422
    count(sign_in_limits()[0], "present-password", str(current_user.id))
    count(MAILS_BY_ONE, "address", str(current_user.id))
    count(MAILS_TO_ONE, "address.to", mailbox_of(form.email.data))
    ask_for_address(current_user, form.email.data, form.present_password.data)
    db.session.commit()
    return look_in_your_mailbox("address", form.email.data)


@bp.route("/address/<token>", methods=["GET", "POST"], endpoint="new_address")
def new_address_page(token: str) -> ResponseReturnValue:
    form = Form()
    owner, email = address_to_confirm(token)
    page = ask("accounts/new_address.html", form, owner=owner, email=email)
    if not form.validate_on_submit():
        return page()
    change_address(token)
    db.session.commit()
    flash(_("Your address is now %(email)s.", email=email), "good")
    return redirect("/profile" if current_user.is_authenticated else "/sign-in")


@bp.post("/profile/sign-out-everywhere", endpoint="sign_out_everywhere")
@login_required
def leave_everywhere() -> ResponseReturnValue:
    number, spoken = len(sign_ins(current_user)), language()
    sign_out_everywhere(current_user)
    sign_out()
    forget_person()
    db.session.commit()
    told = ngettext(
        "You are signed out everywhere: no other device was signed in.",
        "You are signed out everywhere, on all %(num)s devices.",
        number,
    )
    flash(told, "good")
    return speaking(spoken, redirect("/sign-in"))

from urllib.parse import urlsplit

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    g,
    jsonify,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user, login_required
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.wrappers import Response as AnyResponse

from campaign.accounts import models, outbox  # noqa: F401
from campaign.accounts.access import local_path, present_sign_in, sign_in, sign_out
from campaign.accounts.actions import (
    address_to_confirm,
    ask_for_address,
    change_address,
    change_password,
    confirm,
    describe,
    person_to_confirm,
    person_to_reset,
    recognise,
    reset_password,
    send_confirmation,
    send_reset,
    sign_ins,
    sign_out_everywhere,
    sign_up,
)
from campaign.accounts.attempts import (
    FROM_ONE_PLACE,
    MAILS_BY_ONE,
    MAILS_TO_ONE,
    count,
    forget,
    forgive,
    mailbox_of,
    place,
    sign_in_limits,
)
from campaign.accounts.forms import (
    AddressForm,
    ForgottenForm,
    PasswordForm,
    ProfileForm,
    ResetForm,
    SignInForm,
    SignUpForm,
)
from campaign.accounts.links import LinkOver
from campaign.accounts.models import Person
from campaign.errors import BadRequest, SignInFirst, as_json, wants_json
from campaign.extensions import db
from campaign.forms import Form, ask
from campaign.languages import COOKIE, LANGUAGES, language

YEAR = 365 * 24 * 3600
THEMES = ("auto", "light", "dark")

bp = Blueprint("accounts", __name__)
bp.register_blueprint(outbox.bp)

Answer = str | Response | AnyResponse | tuple[str | Response, int]


# Coming in.


@bp.route("/sign-up", methods=["GET", "POST"], endpoint="sign_up")
def sign_up_page() -> Answer:
    if current_user.is_authenticated:
        return redirect(_onwards())
    form = SignUpForm(next=_wanted())
    page = ask("accounts/sign_up.html", form)
    if not form.is_submitted():
        return page()
    if not form.validate():
        return page(), 422
    count(FROM_ONE_PLACE, "sign-up.place", place())
    count(MAILS_TO_ONE, "sign-up", mailbox_of(form.email.data))
    sign_up(form.name.data, form.email.data, form.password.data, language(), form.next.data)
    db.session.commit()
    return _look_in_your_mailbox("confirmation", form.email.data)


@bp.get("/mailbox")
def mailbox() -> Answer:
    """What to do next, after a mail was sent: the same page whether one really was."""
    sent = session.get("mail")
    if sent is None:
        return redirect(url_for("accounts.sign_in"))
    return render_template("accounts/mailbox.html", **sent)


@bp.route("/confirm/<token>", methods=["GET", "POST"], endpoint="confirm")
def confirm_page(token: str) -> Answer:
    # By a button, because mail servers follow links to look for dangers, and would use this one up.
    form = Form()
    page = ask("accounts/confirm.html", form, newcomer=person_to_confirm(token))
    if not form.validate_on_submit():
        return page()
    person, onwards = confirm(token)
    _sign_in_here(person)
    db.session.commit()
    flash(_("Welcome, %(name)s. Your address is confirmed.", name=person.name), "good")
    return redirect(local_path(onwards) or "/")


@bp.route("/sign-in", methods=["GET", "POST"], endpoint="sign_in")
def sign_in_page() -> Answer:
    if current_user.is_authenticated:
        return redirect(_onwards())
    form = SignInForm(next=_wanted())
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
        # They keep their count of attempts: each of these sends a mail.
        send_confirmation(person, form.next.data)
        db.session.commit()
        return _look_in_your_mailbox("unconfirmed", person.email)
    forget(to_one, "sign-in", address)
    _sign_in_here(person)
    db.session.commit()
    return redirect(form.next.data or "/")


@bp.post("/sign-out", endpoint="sign_out")
def leave() -> Answer:
    sign_out()
    db.session.commit()
    flash(_("You are signed out. See you soon."), "good")
    return redirect("/")


@bp.route("/forgotten", methods=["GET", "POST"])
def forgotten() -> Answer:
    form = ForgottenForm(email=current_user.email if current_user.is_authenticated else None)
    page = ask("accounts/forgotten.html", form)
    if not form.is_submitted():
        return page()
    if not form.validate():
        return page(), 422
    count(FROM_ONE_PLACE, "forgotten.place", place())
    count(MAILS_TO_ONE, "forgotten", mailbox_of(form.email.data))
    send_reset(form.email.data, language())
    db.session.commit()
    return _look_in_your_mailbox("reset", form.email.data)


@bp.route("/reset/<token>", methods=["GET", "POST"])
def reset(token: str) -> Answer:
    form = ResetForm()
    page = ask("accounts/reset.html", form, owner=person_to_reset(token))
    if not form.is_submitted():
        return page()
    if not form.validate():
        return page(), 422
    person = reset_password(token, form.password.data)
    forget(sign_in_limits()[0], "sign-in", person.email)
    _sign_in_here(person)
    db.session.commit()
    flash(_("Your new password is kept, and every other device is signed out."), "good")
    return redirect("/")


# One's own account.


@bp.route("/profile", methods=["GET", "POST"])
@login_required
def profile() -> Answer:
    form = ProfileForm(obj=current_user)
    devices = sign_ins(current_user)
    page = ask("accounts/profile.html", form, devices=devices, this_device=present_sign_in())
    if not form.is_submitted():
        return page()
    if not form.validate():
        return page(), 422
    describe(current_user, form.name.data, form.language.data)
    db.session.commit()
    flash(_("Kept."), "good")
    return _speaking(form.language.data, redirect("/profile"))


@bp.route("/profile/password", methods=["GET", "POST"])
@login_required
def password() -> Answer:
    form = PasswordForm()
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
def address() -> Answer:
    form = AddressForm()
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
    return _look_in_your_mailbox("address", form.email.data)


@bp.route("/address/<token>", methods=["GET", "POST"], endpoint="new_address")
def new_address_page(token: str) -> Answer:
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
def leave_everywhere() -> Answer:
    number = len(sign_ins(current_user))
    sign_out_everywhere(current_user)
    sign_out()
    db.session.commit()
    flash(ngettext("You are signed out.", "You are signed out on all %(num)s devices.", number), "good")
    return redirect("/sign-in")


# How pages speak and look.


@bp.post("/language", endpoint="language")
def choose_language() -> Answer:
    chosen = request.form.get("language")
    if chosen not in LANGUAGES:
        raise BadRequest
    if current_user.is_authenticated:
        describe(current_user, current_user.name, chosen)
        db.session.commit()
    return _speaking(chosen, redirect(_onwards()))


@bp.post("/theme")
def theme() -> Answer:
    chosen = request.form.get("theme")
    if chosen not in THEMES:
        raise BadRequest
    response = redirect(_onwards())
    response.set_cookie(
        "theme", chosen, max_age=YEAR, samesite="Lax", secure=current_app.config["SESSION_COOKIE_SECURE"]
    )
    return response


@bp.app_errorhandler(SignInFirst)
def sign_in_first(error: SignInFirst) -> Answer:
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
        onwards = _referrer()
    return redirect(url_for("accounts.sign_in", next=onwards))


@bp.app_errorhandler(LinkOver)
def link_over(error: LinkOver) -> Answer:
    """Who comes too late is shown how to get another link."""
    db.session.rollback()
    if wants_json():
        return jsonify(error=as_json(error)), error.status
    return render_template("accounts/link_over.html", error=error, status=error.status), error.status


def _sign_in_here(person: Person) -> None:
    sign_out()  # Whoever was signed in on this device until now.
    sign_in(person)


def _look_in_your_mailbox(about: str, to: str) -> AnyResponse:
    session["mail"] = {"about": about, "to": to}
    return redirect(url_for("accounts.mailbox"))


def _speaking(chosen: str, response: AnyResponse) -> AnyResponse:
    response.set_cookie(
        COOKIE, chosen, max_age=YEAR, samesite="Lax", secure=current_app.config["SESSION_COOKIE_SECURE"]
    )
    return response


def _onwards() -> str:
    return _wanted() or "/"


def _wanted() -> str | None:
    """Where `next` leads, if that is a page of ours and not one of the doors in."""
    path = local_path(request.values.get("next")) or (_referrer() if request.method == "POST" else None)
    if path is None:
        return None
    try:
        endpoint = current_app.url_map.bind("").match(urlsplit(path).path, method="GET")[0]
    except MethodNotAllowed:
        return None  # What was refused as a form can't be opened as a page.
    except HTTPException:
        return path  # A page that is not there says so itself.
    doors = {
        "accounts.sign_in",
        "accounts.sign_up",
        "accounts.forgotten",
        "accounts.mailbox",
        "accounts.reset",
    }
    return None if request.path in ("/sign-in", "/sign-up") and endpoint in doors else path


def _referrer() -> str | None:
    parts = urlsplit(request.referrer or "")
    if parts.netloc != request.host:
        return None
    return local_path(f"{parts.path}?{parts.query}" if parts.query else parts.path)

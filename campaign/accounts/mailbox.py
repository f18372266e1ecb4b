"""After a mail with a link was asked for: look there; and what a link says that is over."""

from flask import jsonify, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from campaign.accounts import outbox
from campaign.accounts.blueprint import bp
from campaign.accounts.links import LinkOver
from campaign.errors import as_json, wants_json
from campaign.extensions import db


def look_in_your_mailbox(about: str, to: str) -> Response:
    """Lead on to the page that says where a mail went, and what it was about."""
    session["mail"] = {"about": about, "to": to}
    return redirect(url_for("accounts.mailbox"))


@bp.get("/mailbox")
def mailbox() -> ResponseReturnValue:
    """What to do next, after a mail was sent: the same page whether one really was."""
    sent = session.pop("mail", None)  # Told once: somebody else may sit here next.
    if sent is None:
        return redirect(url_for("accounts.sign_in"))
    return render_template("accounts/mailbox.html", **sent, outbox=outbox.may_be_read())


@bp.app_errorhandler(LinkOver)
def link_over(error: LinkOver) -> ResponseReturnValue:
    """Who comes too late is shown how to get another link."""
    db.session.rollback()
    if wants_json():
        return jsonify(error=as_json(error)), error.status
    return render_template("accounts/link_over.html", error=error, status=error.status), error.status

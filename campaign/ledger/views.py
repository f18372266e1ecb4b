"""The logs for everybody: a page that says what they are, their files, and the receipt of each vote."""

from pathlib import Path

from flask import Blueprint, Response, render_template, send_file, stream_with_context
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_required

from campaign.campaigns.access import campaign_for
from campaign.campaigns.models import Stage
from campaign.campaigns.sealing import counts_shown
from campaign.extensions import db
from campaign.forms import ask
from campaign.ideas.access import idea_for
from campaign.ideas.models import Idea
from campaign.ledger.access import (
    finished_log_for,
    is_over,
    is_sealed,
    last_act_of,
    last_ballot_of,
    log_for,
    log_of,
    shown_of,
)
from campaign.ledger.ballot_files import Waiting, are_few, ask_for_file
from campaign.ledger.exporting import as_lines
from campaign.ledger.forms import ReceiptForm
from campaign.ledger.promise import Promise
from campaign.ledger.proving import check_receipt, key_for, receipt_for
from campaign.ledger.receipt import Receipt
from campaign.ledger.tiles import HASH, Tiles

bp = Blueprint("ledger", __name__)

RECOUNT = Path(__file__).with_name("recount.py")
LEAVES = 4096  # Hashes of leaves in one answer.


@bp.get("/campaigns/<slug>/log")
def show(slug: str) -> ResponseReturnValue:
    campaign = campaign_for(current_user, slug)
    log = log_of(campaign)
    shown = shown_of(log) if log else None
    sealed = is_sealed(campaign)
    return render_template(
        "ledger/show.html",
        campaign=campaign,
        brand=campaign.brand,
        log=shown if shown and shown.size else None,
        sealed=sealed,
        key=key_for(campaign),
        over=is_over(campaign) and counts_shown(campaign, current_user),
    )


@bp.get("/campaigns/<slug>/log/checkpoint")
def checkpoint(slug: str) -> ResponseReturnValue:
    return _text(shown_of(log_for(current_user, slug)).checkpoint)


@bp.get("/campaigns/<slug>/log/key")
def key(slug: str) -> ResponseReturnValue:
    return _text(f"{key_for(campaign_for(current_user, slug))}\n")


@bp.get("/campaigns/<slug>/log/leaves/<int:first>")
def leaves(slug: str, first: int) -> ResponseReturnValue:
    """The hashes of leaves from one on, 32 bytes each. With them anybody makes the proof of any leaf, not only of their own."""
    log = log_for(current_user, slug)
    node = Tiles(log.campaign_id).node
    last = min(first + LEAVES, shown_of(log).size)
    body = b"".join(node(0, index) for index in range(first, last))
    assert len(body) == max(0, last - first) * HASH
    return Response(body, mimetype="application/octet-stream")


@bp.get("/campaigns/<slug>/log/export")
def export(slug: str) -> ResponseReturnValue:
    """All ballots. Those of more than a few are written by a worker, never here, where people vote and watch."""
    log, name = finished_log_for(current_user, slug), f"{slug}-ballots.jsonl"
    if are_few(log):
        return _file(Response(stream_with_context(as_lines(log)), mimetype="application/jsonl"), name)
    there = ask_for_file(log)
    db.session.commit()
    if isinstance(there, Waiting):
        raise there.refusal()
    return send_file(there, mimetype="application/jsonl", as_attachment=True, download_name=name)


@bp.get("/recount.py")
def recount() -> ResponseReturnValue:
    return _file(_text(RECOUNT.read_text(encoding="utf-8")), "recount.py")


@bp.get("/ideas/<id:idea_id>/vote/receipt")
@login_required
def receipt(idea_id: int) -> ResponseReturnValue:
    """The receipt of what the asker last did about the idea: theirs only."""
    idea = idea_for(current_user, idea_id)
    made = receipt_for(last_act_of(current_user, idea))
    response = _text(str(made))
    response.cache_control.no_store = True
    return _file(response, f"vote-{idea.id}.{_kind(made)}")


@bp.get("/campaigns/<slug>/ballot/receipt")
@login_required
def ballot_receipt(slug: str) -> ResponseReturnValue:
    """The receipt of what the asker last did with their ballot: theirs only."""
    campaign = campaign_for(current_user, slug)
    made = receipt_for(last_ballot_of(current_user, campaign))
    response = _text(str(made))
    response.cache_control.no_store = True
    return _file(response, f"ballot-{slug}.{_kind(made)}")


@bp.route("/receipts", methods=["GET", "POST"])
def receipts() -> ResponseReturnValue:
    form = ReceiptForm()
    page = ask("ledger/receipts.html", form)
    if not form.is_submitted():
        return page()
    if not form.validate():
        return page(), 422
    finding = check_receipt(form.given, current_user)
    entry = finding.entry
    idea = db.session.get(Idea, entry.idea_id) if entry and entry.idea_id else None
    stage = db.session.get(Stage, entry.stage_id) if entry and entry.stage_id else None
    return render_template("ledger/finding.html", finding=finding, idea=idea, stage=stage)


def _kind(made: Receipt | Promise) -> str:
    return "promise" if isinstance(made, Promise) else "tlog-proof"


def _text(text: str) -> Response:
    return Response(text, mimetype="text/plain")


def _file(response: Response, name: str) -> Response:
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response

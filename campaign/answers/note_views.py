"""The team's notes on an idea."""

from flask import Blueprint, flash, redirect
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_required

from campaign.accounts.attempts import REMARKS_BY_ONE, count_writing
from campaign.answers.access import colleagues_on
from campaign.answers.forms import NoteForm
from campaign.answers.noting import add_note, note_on, notes_on, remove_note
from campaign.campaigns.heading import around
from campaign.extensions import db
from campaign.forms import ask
from campaign.ideas.access import idea_for_team

bp = Blueprint("notes", __name__)


@bp.route("/ideas/<id:idea_id>/notes", methods=["GET", "POST"])
@login_required
def notes(idea_id: int) -> ResponseReturnValue:
    idea = idea_for_team(current_user, idea_id, to="see")
    team = colleagues_on(idea.campaign, "see")
    form = NoteForm([one for one in team if one.id != current_user.id])
    page = ask("answers/notes.html", form, idea=idea, team=team, talks=lambda: notes_on(idea), **around(idea.campaign))
    if not form.is_submitted():
        return page()
    if not form.validate():
        return page(), 422
    count_writing(REMARKS_BY_ONE, "note", current_user.id)
    note = add_note(idea, current_user, form.text.data or "", form.key.data or "", form.parent_id, form.told)
    db.session.commit()
    names = ", ".join(mention.person.name for mention in note.mentions)
    flash(_("Your note is kept, and %(names)s has a mail.", names=names) if names else _("Your note is kept."), "good")
    return redirect(f"{idea.url}/notes#note-{note.id}")


@bp.post("/ideas/<id:idea_id>/notes/<id:note_id>/removal")
@login_required
def removal(idea_id: int, note_id: int) -> ResponseReturnValue:
    idea = idea_for_team(current_user, idea_id, to="see")
    remove_note(note_on(idea, note_id), current_user)
    db.session.commit()
    flash(_("Your note is gone."), "good")
    return redirect(f"{idea.url}/notes")

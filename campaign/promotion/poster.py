"""A poster of an idea: what it says, and the program that draws it.

Faces have to be read and cut to the letters that are used, which takes a second or two of a processor: a process of its own does it, so that
the one that streams never does.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import structlog
from flask_babel import force_locale
from flask_babel import gettext as _

from campaign.campaigns.licences import LICENCES
from campaign.database import without_connection
from campaign.errors import Busy
from campaign.ideas.models import Idea
from campaign.languages import moment
from campaign.promotion.links import short_url
from campaign.settings import ROOT
from campaign.storage import folder
from campaign.turns import Turns, TurnsOfEach

PATIENCE = 60  # Seconds for one poster, on a machine that has much to do.
FACES = ROOT / "static" / "vendor" / "fonts"
PROGRAM = Path(__file__).with_name("drawing.py")

log = structlog.get_logger()
_drawing = Turns(1, waiting=20)
_each = TurnsOfEach(waiting=2)


class NoPoster(Busy):
    code = "no_poster"


def poster_of(idea: Idea, language: str, reader: int) -> bytes:
    """The poster as PDF, in this language. Raises Busy where many wait for one already, or it can't be drawn now."""
    told = _told(idea, language)
    with without_connection(), _each.of(reader), _drawing:
        try:
            # -I: nothing beside the program is taken for a package, and no setting of ours reaches it.
            drawn = subprocess.run(
                [sys.executable, "-I", str(PROGRAM)],
                input=json.dumps(told).encode(),
                capture_output=True,
                timeout=PATIENCE,
                check=True,
            )
        except (subprocess.SubprocessError, OSError) as error:
            why = getattr(error, "stderr", None) or b""
            log.exception("poster.undrawn", why=why.decode("utf-8", "replace")[-2000:])
            raise NoPoster from None
    return drawn.stdout


def _told(idea: Idea, language: str) -> dict[str, Any]:
    campaign, shades = idea.campaign, idea.campaign.brand.palette.light
    words = campaign.texts.get(language) or campaign.texts[campaign.languages[0]]
    url = short_url(idea)
    voting = next((stage for stage in campaign.stages if stage.accepts_votes and not stage.has_passed), None)
    with force_locale(language):
        small = [str(LICENCES[idea.licence].name)]
        small += [
            _("%(name)s: %(label)s", name=author.display_name, label=idea.labels[author.id].words)
            for author in idea.authors
            if author.id in idea.labels
        ]
        until = _("Voting is open until %(date)s.", date=moment(voting.ends_at)) if voting and voting.ends_at else ""
        return {
            "language": language,
            "fonts": str(FACES),
            "title": idea.title,
            "by": _("An idea by %(names)s", names=idea.byline),
            "brand": campaign.brand.name,
            "campaign": words.title,
            "kicker": _("An idea to support"),
            "invitation": _("Scan it, read it, support it. A vote is free."),
            "url": url,
            "short": url.split("://", 1)[-1],
            "until": until,
            "small": " · ".join(small),
            "fill": shades.fill,
            "on_fill": shades.on_fill,
            "colour": shades.brand,
            "logo": _logo(idea),
        }


def _logo(idea: Idea) -> str | None:
    logo = idea.campaign.brand.logo
    file = folder() / logo.files[-1] if logo else None
    return str(file) if file and file.exists() else None

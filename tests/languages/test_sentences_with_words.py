"""What people wrote stays text in every sentence that it is put into."""

import pytest
from flask import jsonify, render_template_string
from flask_babel import gettext, lazy_gettext
from markupsafe import Markup, escape

TOLD = "<form action=/brands/two/members>"


@pytest.mark.parametrize("say", [gettext, lazy_gettext])
def test_what_people_wrote_is_escaped_on_pages(app, say):
    with app.test_request_context():
        sentence = say("The reason: %(reason)s", reason=TOLD)
        pages = [
            render_template_string("{{ told }}", told=sentence),
            render_template_string("{{ _('Sent: %(what)s', what=told) }}", told=sentence),
            escape(sentence),
            Markup("<p>{}</p>").format(sentence),
        ]
        as_json = jsonify(sentence).json
    for page in pages:
        assert "<form" not in page
        assert "&lt;form" in page
    assert as_json == f"The reason: {TOLD}"

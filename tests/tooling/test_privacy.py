"""What people write stays out of the log."""

import pytest
from sqlalchemy.exc import SQLAlchemyError

from campaign.extensions import db


def test_a_broken_statement_is_told_without_what_it_was_given(app):
    with app.app_context(), pytest.raises(SQLAlchemyError) as broken:
        db.session.execute(db.text("SELECT :email FROM nowhere"), {"email": "bea@example.org"})
    assert "nowhere" in str(broken.value)
    assert "bea@example.org" not in str(broken.value)

"""What every connection to the database has been told."""

import pytest
from sqlalchemy import text

from campaign.extensions import db


@pytest.mark.only_on("postgresql")
def test_no_statement_is_compiled_before_it_runs(app):
    with app.app_context():
        assert db.session.execute(text("SHOW jit")).scalar_one() == "off"

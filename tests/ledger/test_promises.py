"""While totals are sealed a receipt promises what it proves afterwards, and the log tells nobody how long it is."""

import pytest
from click.testing import CliRunner

from campaign.campaigns.models import Campaign
from campaign.command import command
from campaign.extensions import db
from campaign.ledger.appending import append_to_logs, show_unsealed
from campaign.ledger.models import BallotLog
from campaign.votes.models import BallotEntry

LOG = "/campaigns/soda/log"


def show(app, campaign_id, shows_counts):
    with app.app_context():
        for stage in db.session.get_one(Campaign, campaign_id).stages:
            stage.shows_counts = shows_counts
        db.session.commit()


def append(app):
    with app.app_context():
        append_to_logs()
        show_unsealed()
        return db.session.scalars(db.select(BallotLog)).one().size


@pytest.fixture
def sealed(app, soda_campaign, soda_idea, ana, carl):
    """ana votes while totals are shown, carl under seal."""
    ana.post(f"/ideas/{soda_idea}/vote", id="0123456789abcdef01")
    append(app)
    show(app, soda_campaign, "ended")
    carl.post(f"/ideas/{soda_idea}/vote", id="0123456789abcdef02")
    assert append(app) == 2
    return soda_idea


@pytest.fixture
def promise(sealed, carl):
    return carl.get(f"/ideas/{sealed}/vote/receipt").text


def test_the_log_stays_as_it_was_before_the_seal_until_it_is_lifted(app, sealed, soda_campaign, nobody, carl, drew):
    def shown(browser):
        return browser.get(f"{LOG}/checkpoint").text.split("\n")[1], len(browser.get(f"{LOG}/leaves/0").data) // 32

    assert shown(nobody) == shown(carl) == ("1", 1)
    show(app, soda_campaign, "always")
    assert shown(nobody) == ("2", 2)
    append(app)  # Noted, so that another seal begins here.
    show(app, soda_campaign, "voted")
    drew.post(f"/ideas/{sealed}/vote", id="0123456789abcdef03")
    assert append(app) == 3
    assert shown(nobody) == shown(drew) == ("2", 2)


def test_a_receipt_is_a_promise_until_then_and_a_proof_afterwards(
    app, sealed, promise, soda_campaign, ana, carl, nobody
):
    assert "index" not in promise
    assert ana.get(f"/ideas/{sealed}/vote/receipt").text.startswith("c2sp.org/tlog-proof@v1\nextra"), (
        "of before the seal"
    )
    for browser in (carl, nobody):
        assert "This vote is promised to the log" in browser.post("/receipts", text=promise).text
    assert "A can you can reseal" in carl.post("/receipts", text=promise).text
    show(app, soda_campaign, "always")
    assert "The vote stands in line 2 of 2" in nobody.post("/receipts", text=promise).text
    assert "index 1" in carl.get(f"/ideas/{sealed}/vote/receipt").text


def test_a_vote_is_promised_before_the_log_has_it(app, sealed, drew):
    drew.post(f"/ideas/{sealed}/vote", id="0123456789abcdef03")
    promise = drew.get(f"/ideas/{sealed}/vote/receipt").text
    assert "promised to the log" in drew.post("/receipts", text=promise).text


def test_what_was_changed_is_no_promise_and_what_is_missing_breaks_one(app, promise, soda_campaign, nobody):
    second = promise.split("\n")[5]
    changed = nobody.post("/receipts", text=promise.replace(second, str(int(second) + 1)))
    assert "Something in the receipt was changed after it was made" in changed.text
    show(app, soda_campaign, "always")
    with app.app_context():
        last = db.session.scalar(db.select(db.func.max(BallotEntry.id)))
        db.session.execute(db.update(BallotEntry).where(BallotEntry.id == last).values(key="another-key"))
        db.session.commit()
    assert "the log no longer holds what it proves" in nobody.post("/receipts", text=promise).text


def test_a_promise_is_checked_offline(promise, nobody, tmp_path):
    (tmp_path / "vote-1.promise").write_text(promise)

    def check(key):
        return CliRunner().invoke(command, ["verify-receipt", str(tmp_path / "vote-1.promise"), "--key", key])

    assert check(nobody.get(f"{LOG}/key").text.strip()).output.startswith(
        "Good: 127.0.0.1:5000/campaigns/soda/log promises"
    )
    assert check("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW").exit_code == 1

"""The server is killed under load, again and again: what was acknowledged is stored, once, and every total is true.

Three times in `make test`; `make soak` does it twenty times. So it is with two processes that count the same ideas: for a
moment in `make test`, for half a minute in `make soak`.
"""

import os
import signal
import time
from datetime import timedelta

from campaign.campaigns.models import Campaign
from campaign.clock import now
from campaign.extensions import db
from campaign.ideas.models import Idea
from campaign.ladder.actions import set_ladder
from campaign.statuses.arranging import choose_number
from tests.live.conftest import put_stage
from tests.live.crowd import Crowd, Voter, check
from tests.makers import make_idea, make_person, make_token
from tests.servers import free_port

KILLS = int(os.environ.get("KILLS", "3"))
TOGETHER = float(os.environ.get("TOGETHER", "0"))  # Seconds, at the least, that two processes count together.
VOTES = 60  # Acknowledged between two kills.
VOTERS, IDEAS = 60, 12


def put_crowd(app):
    stage = put_stage(app)
    with app.app_context():
        # No newcomers, who may vote less: in a soak each of them votes hundreds of times.
        people = [make_person(f"voter{number}", joined_at=now() - timedelta(days=30)) for number in range(VOTERS)]
        voters = [Voter(person.id, make_token(person)) for person in people]
        campaign = db.session.scalars(db.select(Campaign).where(Campaign.slug == stage.campaign)).one()
        author = make_person("author")
        choose_number(campaign, author, 5)  # What some votes bring about, beside being counted.
        set_ladder(campaign, author, [[supporters, 10] for supporters in (2, 4, 6, 8, 10, 12)])
        ideas = [make_idea(campaign, author).id for _ in range(IDEAS)]
        board = campaign.board
        db.session.commit()
        db.session.remove()
    return voters, ideas, board


def test_what_was_acknowledged_survives_every_kill(serve, databases):
    url, port = databases.copy(), free_port()
    with serve(DATABASE_URL=url, PORT=str(port)) as server:
        voters, ideas, board = put_crowd(server.app)
    with Crowd([port], voters, ideas) as crowd:
        for number in range(KILLS):
            with serve(DATABASE_URL=url, PORT=str(port)) as server:
                crowd.until((number + 1) * VOTES)
                os.killpg(server.process.pid, signal.SIGKILL)
                server.process.wait()
        with serve(DATABASE_URL=url, PORT=str(port)) as server:
            crowd.until((KILLS + 1) * VOTES)
            crowd.__exit__()
            check(server.app, crowd, board)
    databases.drop(url)


def test_two_processes_count_the_same_ideas_without_waiting_for_each_other_for_ever(serve, databases, redis_url):
    url = databases.copy()
    with (
        serve(DATABASE_URL=url, REDIS_URL=redis_url) as one,
        serve(DATABASE_URL=url, REDIS_URL=redis_url) as other,
    ):
        voters, ideas, board = put_crowd(one.app)
        ports = [int(server.url.rpartition(":")[2]) for server in (one, other)]
        with Crowd(ports, voters, ideas[:3]) as crowd:
            begin = time.monotonic()
            crowd.until(600)
            time.sleep(max(0, begin + TOGETHER - time.monotonic()))
        print(f"{crowd.acknowledged} votes counted by two processes in {time.monotonic() - begin:.0f} s")
        check(one.app, crowd, board)
        with one.app.app_context():
            voted_for = [db.session.get_one(Idea, idea) for idea in ideas[:3]]
            assert all(idea.qualified_at and idea.climb.step for idea in voted_for)
            db.session.remove()
        for server in (one, other):
            assert "deadlock" not in server.log.read_text().lower()
    databases.drop(url)

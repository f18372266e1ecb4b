"""What was acknowledged is stored, whatever happens to the server next."""

import os
import signal
import threading

from campaign.extensions import db
from campaign.ideas.models import Idea
from campaign.live import board_seq
from campaign.live.models import Change
from campaign.votes.models import Vote
from tests.live.conftest import Listener, put_stage
from tests.makers import make_person, make_token

VOTERS = 24


def test_a_server_that_is_killed_loses_no_vote_that_it_acknowledged(serve, databases):
    url = databases.copy()
    with serve(DATABASE_URL=url) as server:
        stage = put_stage(server.app)
        with server.app.app_context():
            tokens = [make_token(make_person(f"voter{number}")) for number in range(VOTERS)]
            db.session.commit()
        listeners = [Listener(server.url, token, ["websocket"]) for token in tokens]
        acknowledged = []
        enough = threading.Semaphore(0)

        def vote(number):
            for idea in stage.ideas:
                try:
                    answer = listeners[number].cast(idea)
                except Exception:
                    return  # The server is gone.
                if answer["ok"]:
                    acknowledged.append((idea, answer["receipt"]["number"]))
                    enough.release()

        voters = [threading.Thread(target=vote, args=(number,)) for number in range(VOTERS)]
        for voter in voters:
            voter.start()
        for _ in range(VOTERS // 2):
            assert enough.acquire(timeout=30)
        os.killpg(server.process.pid, signal.SIGKILL)
        server.process.wait()
        for listener in listeners:
            listener.client.disconnect()
        for voter in voters:
            voter.join()

        with server.app.app_context():
            board = f"campaign-{db.session.scalars(db.select(Idea.campaign_id)).first()}"
            for idea in db.session.scalars(db.select(Idea)):
                votes = db.session.scalar(db.select(db.func.count()).select_from(Vote).where(Vote.idea_id == idea.id))
                assert idea.votes == votes
                assert votes >= len([done for done, _ in acknowledged if done == idea.id])
            numbers = list(db.session.scalars(db.select(Change.seq).where(Change.board == board).order_by(Change.seq)))
            assert numbers == list(range(1, board_seq(board) + 1))
            db.session.remove()
    databases.drop(url)


def test_a_board_catches_up_with_a_server_that_started_again(serve, databases):
    url = databases.copy()
    with serve(DATABASE_URL=url) as server:
        stage = put_stage(server.app)
        bea = Listener(server.url, stage.tokens["bea"], ["websocket"])
        known = bea.ask("board.watch", {"campaign": stage.campaign})["seq"]
        carl = Listener(server.url, stage.tokens["carl"], ["websocket"])
        carl.cast(stage.ideas[0])
    with serve(DATABASE_URL=url) as server:
        bea = Listener(server.url, stage.tokens["bea"], ["websocket"])
        answer = bea.ask("board.watch", {"campaign": stage.campaign, "since": known})
        assert [change["votes"] for change in answer["changes"]] == [{str(stage.ideas[0]): 1}]
        bea.client.disconnect()
    databases.drop(url)

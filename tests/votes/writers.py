"""A hundred voters in one gevent process, each with a transaction of their own, who all wait in the middle of it.

As in the server: where a writer waits by anything that gevent does not know, the whole process stands still with it.
"""

from gevent import monkey

monkey.patch_all()

import os  # noqa: E402
import sys  # noqa: E402

import gevent  # noqa: E402

from campaign import create_app  # noqa: E402
from campaign.accounts.models import Person  # noqa: E402
from campaign.extensions import db  # noqa: E402
from campaign.ideas.models import Idea  # noqa: E402
from campaign.settings import Settings  # noqa: E402
from tests.voting import cast_vote  # noqa: E402

app = create_app(Settings.from_environment(os.environ))
idea, *voters = map(int, sys.argv[1:])


def vote(voter: int) -> None:
    with app.app_context():
        cast_vote(db.session.get_one(Idea, idea), db.session.get_one(Person, voter), "one-vote-each")
        gevent.sleep(0.001)  # The others have their turn now, and want to write as well.
        db.session.commit()


writers = [gevent.spawn(vote, voter) for voter in voters]
gevent.joinall(writers, raise_error=True)
print(len(writers))

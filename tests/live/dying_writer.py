"""A process that stores one vote and is killed before it can tell anybody."""

import os
import signal
import sys

from campaign import create_app
from campaign.accounts.models import Person
from campaign.extensions import db
from campaign.ideas.models import Idea
from campaign.live import bus
from campaign.settings import Settings
from tests.voting import cast_vote

idea, voter = map(int, sys.argv[1:])
bus.publish = lambda *change: os.kill(os.getpid(), signal.SIGKILL)
with create_app(Settings.from_environment(os.environ)).app_context():
    cast_vote(db.session.get_one(Idea, idea), db.session.get_one(Person, voter), "told-to-nobody")
    db.session.commit()

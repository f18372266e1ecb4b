"""People get in, whatever else the server computes."""

import subprocess
import sys

CROWDED = """
from gevent import monkey
monkey.patch_all()
import gevent
from gevent.monkey import get_original
from campaign.accounts.passwords import hash_password, is_password
from campaign.threads import away_from_the_loop

# The bare lock: an Event is made of whatever locks its module has now, and those are the loop's.
gate = get_original("_thread", "allocate_lock")()
gate.acquire()


def stand():
    with gate:
        pass


crowd = [gevent.spawn(away_from_the_loop, stand) for _ in range(50)]
gevent.sleep(0)
try:
    with gevent.Timeout(20):
        print(is_password("seven blue herons", hash_password("seven blue herons")), flush=True)
finally:
    gate.release()
gevent.joinall(crowd)
"""


def test_a_password_does_not_wait_for_pictures_and_differences():
    run = subprocess.run([sys.executable, "-c", CROWDED], capture_output=True, text=True, timeout=60, check=False)
    assert run.stdout == "True\n", run.stderr

"""How `campaign serve` runs gunicorn: one process, and a greenlet for each request. An open board costs a descriptor.

More processes mean more of these servers side by side, with REDIS_URL set: a board's connection must stay with one.
"""

import gc
import os
import resource
import signal

host = os.environ.get("HOST") or "127.0.0.1"
port = os.environ.get("PORT") or "5000"

bind = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
workers = 1
worker_class = "gevent"
worker_connections = 20_000  # Requests at one moment, those of clients that poll included.
backlog = 2048
limit_request_fields = 60  # Header lines of a request. Browsers send some twenty, proxies add a few.
keepalive = 5
timeout = 60
graceful_timeout = 2  # Open boards never finish by themselves; they come back and catch up.
control_socket_disable = True  # It would lie in the operator's home.
accesslog = None
if not int(os.environ.get("PROXIES") or 0):
    forwarder_headers = forwarded_allow_ips = ""  # Nobody stands in front whose word on addresses counts.
loglevel = "error"  # Below that it tells of each broken request, and of each board still open at the end.
proc_name = "ensemble"


# Each open board holds a descriptor, and the usual soft limit ends at a thousand.
_, most = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def when_ready(server):
    # Ctrl-C closes as a supervisor does: what was begun is finished, and nothing is shouted about it.
    signal.signal(signal.SIGINT, lambda number, frame: os.kill(os.getpid(), signal.SIGTERM))


def post_fork(server, worker):
    server.app.alive = worker.notify


def post_worker_init(worker):
    gc.collect()
    gc.freeze()  # What stays for ever is not looked through again and again.
    gc.set_threshold(20_000, 20, 20)  # A batch of votes makes thousands of things, and leaves none of them.
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # The terminal sends it to everyone; the arbiter passes it on.
    address = os.environ.get("PUBLIC_URL") or f"http://{bind}"
    print(f"Ensemble is open at {address} (Ctrl-C closes it).", flush=True)

"""Our engine alone: its transport and its broadcast, with nothing of the product on it."""

from gevent import monkey

monkey.patch_all()

import sys  # noqa: E402

from flask import Flask, request  # noqa: E402
from gevent.pywsgi import WSGIServer  # noqa: E402

from bench.payload import payload  # noqa: E402
from campaign.extensions import socketio  # noqa: E402
from campaign.live import engine  # noqa: E402
from campaign.live.board import Watcher  # noqa: E402
from campaign.live.broadcasting import Message, broadcast  # noqa: E402

app = Flask(__name__)
socketio.init_app(app, async_mode="gevent", async_handlers=False)
engine.install(socketio)
watchers: dict[str, Watcher] = {}


@socketio.on("board.watch")
def watch(data):
    connection = engine.connection_of(socketio, request.sid)
    assert connection is not None
    watchers[request.sid] = Watcher(request.sid, None, connection)
    return {"ok": True}


@socketio.on("disconnect")
def gone(reason):
    watchers.pop(request.sid, None)


@socketio.on("go")
def go(rounds):
    for number in range(rounds):
        broadcast(watchers.values(), Message("board.changed", payload(number)), number)
        socketio.sleep(0)


server = WSGIServer(("127.0.0.1", int(sys.argv[1])), app, log=None, backlog=4096)
server.start()
print("ready", flush=True)
server.serve_forever()

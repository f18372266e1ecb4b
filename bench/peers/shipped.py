"""Flask-SocketIO as shipped, under gevent: one emit per broadcast, one commit per vote."""

from gevent import monkey

monkey.patch_all()

import sqlite3  # noqa: E402
import sys  # noqa: E402

from flask import Flask  # noqa: E402
from flask_socketio import SocketIO, join_room  # noqa: E402
from gevent.pywsgi import WSGIServer  # noqa: E402

from bench.payload import payload  # noqa: E402

port, path = int(sys.argv[1]), sys.argv[2]
ideas = int(sys.argv[3]) if len(sys.argv) > 3 else 200
app = Flask(__name__)
socketio = SocketIO(app, async_mode="gevent")
rows = sqlite3.connect(path, isolation_level=None)
rows.execute("PRAGMA journal_mode=WAL")
rows.execute("PRAGMA synchronous=FULL")
rows.executescript(
    "CREATE TABLE idea (id INTEGER PRIMARY KEY, votes INTEGER NOT NULL DEFAULT 0);"
    "CREATE TABLE vote (idea INTEGER, voter TEXT, PRIMARY KEY (idea, voter)) WITHOUT ROWID"
)
rows.executemany("INSERT INTO idea (id) VALUES (?)", [(number,) for number in range(1, ideas + 1)])


@socketio.on("board.watch")
def watch(data):
    join_room("board")
    return {"ok": True}


@socketio.on("go")
def go(rounds):
    for number in range(rounds):
        socketio.emit("board.changed", payload(number), to="board")
        socketio.sleep(0)


@socketio.on("vote.cast")
def cast(data):
    rows.execute("BEGIN IMMEDIATE")
    put = rows.execute("INSERT OR IGNORE INTO vote VALUES (?, ?)", (data["idea"], data["id"]))
    if put.rowcount:
        rows.execute("UPDATE idea SET votes = votes + 1 WHERE id = ?", (data["idea"],))
    rows.execute("COMMIT")
    return {"ok": True}


server = WSGIServer(("127.0.0.1", port), app, log=None, backlog=4096)
server.start()
print("ready", flush=True)
server.serve_forever()

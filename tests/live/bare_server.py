"""Our engine with nothing of the product on it, under gevent's own WSGI server: gives back what it gets."""

from gevent import monkey

monkey.patch_all()

import gc  # noqa: E402
import sys  # noqa: E402

from flask import Flask, request  # noqa: E402
from flask_socketio import SocketIO, disconnect, emit  # noqa: E402
from gevent import Greenlet  # noqa: E402
from gevent.pywsgi import WSGIServer  # noqa: E402

from campaign.live import engine  # noqa: E402

socketio = SocketIO()


@socketio.on("echo")
def echo(data):
    emit("echo", data)


@socketio.on("echo", namespace="/other")
def echo_there(data):
    emit("echo", f"other: {data}")


@socketio.on("twice")
def twice(number):
    return number * 2


@socketio.on("two")
def two(*nothing):
    return "one", "two"


@socketio.on("sid")
def sid(*nothing):
    return request.sid


@socketio.on("transport")
def transport(*nothing):
    return socketio.server.transport(request.sid)


@socketio.on("kept")
def kept(*nothing):
    return len(socketio.server.eio.sockets), len(socketio.server.environ)


@socketio.on("greenlets")
def greenlets(*nothing):
    return sum(isinstance(one, Greenlet) and not one.dead for one in gc.get_objects())


@socketio.on("end me")
def end():
    disconnect()


@socketio.on("disconnect")
def gone(reason):
    socketio.emit("gone", {"sid": request.sid, "reason": reason})


app = Flask(__name__)
socketio.init_app(app, async_mode="gevent", async_handlers=False)
engine.install(socketio, ping_interval=5, ping_timeout=5, max_http_buffer_size=64 * 1024)
server = WSGIServer(("127.0.0.1", int(sys.argv[1])), app, log=None)
server.start()
print("ready", flush=True)
server.serve_forever()

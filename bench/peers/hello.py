"""A Flask "hello" with one template, on the server that Ensemble runs on: gunicorn with one gevent worker."""

import sys

from flask import Flask, render_template_string
from gunicorn.app.base import BaseApplication

app = Flask(__name__)


@app.get("/")
def hello():
    return render_template_string(
        "<!doctype html><html lang=en><title>Hello</title><h1>Hello, {{ name }}!</h1></html>", name="world"
    )


class Server(BaseApplication):
    def load_config(self):
        self.cfg.set("bind", f"127.0.0.1:{sys.argv[1]}")
        self.cfg.set("worker_class", "gevent")
        self.cfg.set("keepalive", 5)
        self.cfg.set("loglevel", "error")
        self.cfg.set("control_socket_disable", True)
        self.cfg.set("post_worker_init", lambda worker: print("ready", flush=True))

    def load(self):
        return app


Server().run()

"""Styles, scripts and icons: named by their content, so that a browser keeps them for a year and never too long."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

from flask import Blueprint, Flask, Response, current_app, request
from markupsafe import Markup

from campaign import settings
from campaign.errors import NotThere

bp = Blueprint("assets", __name__)


class Assets:
    """What lies in the static folder, read once; in development, again whenever it changed."""

    def __init__(self, folder: Path, watch: bool) -> None:
        self.folder, self.watch = folder, watch
        self._kept: dict[str, str] = {}

    def url(self, name: str) -> str:
        """The address of a file below static/, with its fingerprint."""
        return self._once(f"the address of {name}", lambda: self._url(name))

    def stylesheet(self) -> str:
        """All of static/css as one: the layers' order first, then a file per component."""
        return self._once("the styles", self._stylesheet)

    def import_map(self) -> str:
        """Which name a script imports under which address."""
        return self._once("the import map", self._import_map)

    def _once(self, what: str, find: Callable[[], str]) -> str:
        if self.watch:
            return find()
        if what not in self._kept:
            self._kept[what] = find()
        return self._kept[what]

    def _url(self, name: str) -> str:
        if name == "css/ensemble.css":
            return f"/assets/ensemble.css?v={_fingerprint(self.stylesheet().encode())}"
        file = self.folder / name
        return f"/static/{name}?v={_fingerprint(file.read_bytes()) if file.is_file() else '0'}"

    def _stylesheet(self) -> str:
        files = sorted(self.folder.glob("css/*.css"))  # _layers.css sorts first.
        return "\n".join(file.read_text("utf-8") for file in files)

    def _import_map(self) -> str:
        names = {f"ensemble/{file.stem}": self.url(f"js/{file.name}") for file in sorted(self.folder.glob("js/*.js"))}
        return json.dumps({"imports": {**names, "socket.io-client": self.url("vendor/socket.io.esm.min.js")}})


def _fingerprint(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:12]


def register(app: Flask) -> None:
    assets = Assets(Path(app.static_folder or "static"), watch=settings.of(app).development)
    app.extensions["assets"] = assets
    app.register_blueprint(bp)
    app.add_template_global(assets.url, "asset")
    app.add_template_global(lambda: Markup(assets.import_map()), "import_map")
    app.after_request(_keep)


@bp.get("/assets/ensemble.css")
def stylesheet() -> Response:
    css = current_app.extensions["assets"].stylesheet()
    if not css:
        raise NotThere
    return Response(css, mimetype="text/css")


def _keep(response: Response) -> Response:
    if request.path.startswith(("/static/", "/assets/")) and request.args.get("v") and response.status_code == 200:
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response

"""Jinja, as this application has it."""

from collections.abc import MutableMapping
from typing import Any

import flask.templating


class Environment(flask.templating.Environment):
    """A template without globals of its own has those of the application, and no chain that is looked through for each piece that it imports.

    A card of the board imports four pieces, and Jinja compares all globals at each.
    """

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return super().make_globals(d) if d else self.globals

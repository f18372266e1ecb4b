"""What an application makes when it starts, and each of its engines, is the same in every test: made once, kept for all tests of a process.

Without this, half of a run goes into compiling addresses and statements again.
"""

from collections.abc import Callable
from typing import Any

from flask import Flask
from sqlalchemy import Dialect, Engine
from werkzeug.routing import Rule

_builders: dict[Any, Callable[..., tuple[str, str]]] = {}
_dialects: dict[str, Dialect] = {}
_statements: dict[Any, Any] = {}


class RememberedRule(Rule):
    """An address whose builder, Werkzeug's own, was compiled for the first application that had it."""

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        # Of itself a builder needs nothing before it is called: it is given its rule then.
        key = self.rule, tuple(self._trace), tuple(sorted((self.defaults or {}).items())), append_unknown
        if key not in _builders:
            _builders[key] = super()._compile_builder(append_unknown)
        return _builders[key]


def remember_addresses() -> None:
    """Let every application of this process have remembered addresses."""
    Flask.url_rule_class = RememberedRule


def remember_statements(engine: Engine) -> None:
    """Let an engine use the statements that others of its kind have compiled: they are kept by dialect, so it takes theirs."""
    engine.dialect = _dialects.setdefault(engine.dialect.name, engine.dialect)
    engine.update_execution_options(compiled_cache=_statements)

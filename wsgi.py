"""Where every process begins: gevent first, then everything else.

Gunicorn calls `wsgi:create_app(serving=True)`, the `campaign` command calls `command`. Both must see the standard library already
patched, because a module imported earlier keeps the blocking version for good.
"""

from gevent import monkey

monkey.patch_all()

from campaign import create_app  # noqa: E402
from campaign.command import command  # noqa: E402

__all__ = ["command", "create_app"]

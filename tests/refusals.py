"""What a page says when it says no."""

import re
from html import unescape


def sentence_at(page: str, field: str) -> str:
    """What the page says beside a field."""
    found = re.search(rf'id="{field}-refusal">.*?<span>(.*?)</span>', page, re.DOTALL)
    return unescape(found[1]) if found else ""

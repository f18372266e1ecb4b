"""Words from people: tidied when they come in, made safe when they go out."""

import re
import unicodedata
from collections.abc import Iterable
from itertools import pairwise
from typing import Any, NamedTuple

import nh3
from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markupsafe import Markup

# Characters that nobody means to write: controls, and marks that turn the direction of what stands around them.
_UNWANTED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb]")
# Characters that show nothing. A text made of them alone is empty. (They have their use inside words and emoji.)
_INVISIBLE = re.compile(
    r"[\s\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2060-\u2064\u3164\ufe00-\ufe0f\uffa0]+"
)

# More marks on one letter than any language writes. Putting them in order takes time that grows with their square, so
# they end where Unicode's stream-safe format ends them (UAX #15, section 13).
_MARK = "[" + "".join(sorted(chr(code) for code in range(0x300, 0x1FFFF) if unicodedata.combining(chr(code)))) + "]"
_ENDLESS_MARKS = re.compile(f"({_MARK}{{30}}){_MARK}+")
_LONGEST = 200_000

# A bare address, from its colon on: a host without a name and password before it, which could pass for another host.
_SCHEME = re.compile(r"(?:^|[\W_])(https?)$", re.IGNORECASE)
_ADDRESS = re.compile(r"://(?![^\s/?#]*@)[\w-]+(?:\.[\w-]+)*(?::\d{1,5})?(?:[/?#][^\s<>\"`\\\[\]]*)?")
_AFTER_ADDRESS = "?!.,:;*_~'’”»…"  # What ends the sentence and not the address.

# A line ends where somebody ended it: in a field nobody wraps lines by hand, and the lines of a template are not one paragraph.
_markdown = MarkdownIt("commonmark", {"html": False, "linkify": False, "breaks": True})
_markdown.disable(["image", "html_block", "html_inline"])
_markdown.inline.ruler.after("text", "bare_address", lambda state, silent: _bare_address(state, silent))
_markdown.inline.ruler.after("text", "called", lambda state, silent: _called(state, silent))
_TAGS = set("p br strong em ul ol li a blockquote code pre h2 h3 h4 hr".split())


def tidy(text: str | None) -> str:
    """One form of each character (NFC), one kind of line end, nothing unwanted, no space around.

    A text that no form takes is left as it is, but for the space around it: the form says that it is too long.
    """
    text = (text or "").replace("\r\n", "\n").replace("\r", "\n")
    if len(text) > _LONGEST:
        return text.strip()
    text = unicodedata.normalize("NFC", _ENDLESS_MARKS.sub(r"\1", text))
    text = _UNWANTED.sub("", text).strip()
    return "" if _INVISIBLE.fullmatch(text) else text


def squeeze(text: str | None) -> str:
    """Tidied, on one line, with single spaces; a no-break space stays. What no form takes keeps its lines, as in `tidy`."""
    text = tidy(text)
    return text if len(text) > _LONGEST else re.sub(r"[ \t\n\v\f]+", " ", text)


_BEGIN_FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n")

# Where mail programs see an address, and make a link of it: evil.example, https://…, somebody@somewhere.
_LINKED = re.compile(r"(?<=\w)[.。．｡](?=[^\W\d_]{2})|://|(?<=\w)@(?=\w)")


def unlinked(text: str) -> str:
    """Somebody's words in a mail to others, in which mail programs find nothing to link to."""
    return _LINKED.sub(lambda sign: f"{sign[0]} ", text)


def unbroken(text: str | None) -> str:
    """As it was written, but no line begins with a mark that belongs to the word before it, as French sets them apart."""
    text = re.sub(r" (?=:)", "\u00a0", text or "")
    return re.sub(r" (?=[;!?»])|(?<=«) ", "\u202f", text)


def slugify(text: str) -> str:
    """A piece of a URL: `Le café de demain` becomes `le-cafe-de-demain`. May be empty."""
    plain = unicodedata.normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].rstrip("-")


def title_key(title: str) -> str:
    """The words of a title alone: two titles that differ in case, accents, spaces and marks only have the same one."""
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", title.casefold()) if not unicodedata.combining(sign))
    # A title of marks alone is what it is.
    return (" ".join(re.findall(r"[^\W_]+", plain)) or title)[:200]


Called = tuple[
    tuple[str, str], ...
]  # Names that a text calls with an @ before them, and the address that each leads to.


def markdown(text: str | None, called: Called = ()) -> Markup:
    """Markdown as safe HTML: no pictures, no raw HTML, links that pass no rank and open no door; names that are `called` lead somewhere."""
    html = _markdown.render(text or "", {"called": _names(called)})
    # A page has one h1 and the section its h2, so what people write begins below: with h3, whichever rank they begin with.
    highest = min((int(rank) for rank in re.findall(r"<h([1-6])>", html)), default=1)
    html = re.sub(r"<(/?)h([1-6])>", lambda tag: f"<{tag[1]}h{min(int(tag[2]) - highest + 3, 4)}>", html)
    return Markup(
        nh3.clean(
            html,
            tags=_TAGS,
            attributes={"a": {"href"}},
            url_schemes={"http", "https", "mailto"},
            link_rel="nofollow ugc noopener",
        )
    )


def names_called(text: str, names: Iterable[str]) -> list[tuple[str, str]]:
    """Which of these names stand with an @ before them, where `markdown` would link them: each with how it is written there, once."""
    env: dict[str, Any] = {"called": _names((name, "#") for name in names), "met": {}}
    _markdown.parse(text, env)
    return list(env["met"].items())


def folded(text: str) -> str:
    """As one types it: without capitals and accents, sign for sign."""
    return "".join(_folded(sign) for sign in text)


def _folded(sign: str) -> str:
    return " " if sign.isspace() else (unicodedata.normalize("NFD", sign)[0].lower() or sign)[:1]


class _Names(NamedTuple):
    """Names that a text may call, so that what an @ costs depends on how long names are, and not on how many."""

    found: dict[str, tuple[str, str]]  # As one types it: the name as it was given, and the address that it leads to.
    lengths: list[int]  # The longest first: of "Ann" and "Ann Lee", who writes "@Ann Lee" means the second.


def _names(called: Iterable[tuple[str, str]]) -> _Names:
    found: dict[str, tuple[str, str]] = {}
    for name, url in called:
        if name:
            found.setdefault(folded(name), (name, url))
    return _Names(found, sorted({len(name) for name in found}, reverse=True))


def _called(state: StateInline, silent: bool) -> bool:
    """Let a name with an @ before it be a link, where it is one of those that are called. A rule of markdown-it's."""
    sign = state.pos
    called: _Names | None = state.env.get("called")
    if (
        not called
        or not called.found
        or state.linkLevel
        or state.src[sign] != "@"
        or (sign and _goes_on(state.src[sign - 1]))
    ):
        return False
    rest = folded(state.src[sign + 1 : min(state.posMax, sign + 2 + called.lengths[0])])
    some = (many for many in called.lengths if many <= len(rest) and rest[:many] in called.found)
    length = next((many for many in some if not _goes_on(rest[many : many + 1])), 0)
    if not length:
        return False
    as_given, url = called.found[rest[:length]]
    written = state.src[sign + 1 : sign + 1 + length]
    if not silent:
        state.env.get("met", {}).setdefault(as_given, written)
        opening = state.push("link_open", "a", 1)
        opening.attrs = {"href": url}
        state.push("text", "", 0).content = f"@{written}"
        state.push("link_close", "a", -1)
    state.pos = sign + 1 + length
    return True


def _goes_on(sign: str) -> bool:
    """Whether a word that ends before this sign goes on with it."""
    return sign.isalnum() or sign == "_"


def _bare_address(state: StateInline, silent: bool) -> bool:
    """Let an address that stands in the text as it is be a link. A rule of markdown-it's: called at each sign that may begin something."""
    colon = state.pos
    found = _ADDRESS.match(state.src, colon, state.posMax)
    scheme = _SCHEME.search(state.src[max(0, colon - 6) : colon]) if found and not state.linkLevel else None
    if not found or not scheme:
        return False
    rest = _without_end_of_sentence(found[0])
    url = scheme[1] + rest
    href = state.md.normalizeLink(url)
    if not state.md.validateLink(href):
        return False
    if not silent:
        state.pending = state.pending.removesuffix(scheme[1])
        opening = state.push("link_open", "a", 1)
        opening.attrs, opening.info = {"href": href}, "auto"
        state.push("text", "", 0).content = url
        state.push("link_close", "a", -1)
    state.pos += len(rest)
    return True


def _without_end_of_sentence(address: str) -> str:
    end, unopened = len(address), address.count(")") - address.count("(")
    while address[end - 1] in _AFTER_ADDRESS or (address[end - 1] == ")" and unopened > 0):
        unopened -= address[end - 1] == ")"
        end -= 1
    return address[:end]


def blocks(text: str | None) -> list[str]:
    """The paragraphs, lists, headings… of a Markdown text, each as it was written."""
    lines = (text or "").splitlines()
    begins = sorted({token.map[0] for token in _markdown.parse(text or "") if token.map and token.level == 0})
    return ["\n".join(lines[begin:end]).strip("\n") for begin, end in pairwise([*begins, len(lines)])]


def excerpt(text: str, length: int = 280) -> str:
    """The beginning of a text without its Markdown, cut between words."""
    plain = " ".join(nh3.clean(_markdown.render(text), tags=set()).split())
    plain = Markup(plain).unescape()
    if len(plain) <= length:
        return plain
    return plain[:length].rsplit(" ", 1)[0].rstrip(" ,;:.") + "…"


def plain(text: str | None) -> str:
    """Markdown as a letter without HTML says it: paragraphs, dashes before what is listed, an address behind a link's words."""
    said, mark, listed = "", "", False
    for block in _markdown.parse(text or ""):
        if block.type == "list_item_open":
            mark = f"{block.info}. " if block.info else "– "
        elif block.type in ("bullet_list_open", "ordered_list_open") and not block.level:
            listed = False
        elif block.children is not None or block.type in ("fence", "code_block"):
            words = block.content.strip("\n") if block.children is None else _words(block.children)
            said += ("\n" if mark and listed else "\n\n") + mark + words
            mark, listed = "", bool(mark)
    return said.strip("\n")


def _words(pieces: Iterable[Token]) -> str:
    words, links = "", []
    for piece in pieces:
        if piece.type == "link_open":
            links.append(("" if piece.info == "auto" else str(piece.attrGet("href") or ""), len(words)))
        elif piece.type == "link_close":
            href, begin = links.pop()
            words += f" ({href})" if href and words[begin:] != href else ""
        else:
            words += "\n" if piece.type in ("softbreak", "hardbreak") else piece.content
    return words


def inert(text: str) -> str:
    """A cell that no spreadsheet takes for a formula: a title such as =HYPERLINK(…) must not run on the reader's machine.

    Some take the wide and the small forms of these signs for the signs themselves: ＝, ＋, －, ＠, ﹦, ⁼…
    """
    return f"'{text}" if unicodedata.normalize("NFKC", text[:1]).startswith(_BEGIN_FORMULAS) else text

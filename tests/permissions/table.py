"""Who may do what: every act of the application, by its address, and the roles that it lets in.

Whoever is not let in finds nothing there (404, 410), may not (401, 403), is told that it is not for them (409), or is asked to sign in. A form that lacks something (422) is
a form that they may send. What stands in braces is a thing of the tests' brand, see `world.py`. `docs/permissions.md` shows this table:
`python -m tests.permissions.table` writes it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROLES = (
    "owner",
    "manager",
    "moderator",
    "evaluator",
    "analyst",
    "manager of the campaign",
    "moderator of the campaign",
    "evaluator of the campaign",
    "analyst of the campaign",
    "manager of another campaign",
    "author",
    "participant",
    "suspended",
    "owner elsewhere",
    "moderator elsewhere",
    "nobody",
)
Roles = frozenset[str]

EVERYBODY: Roles = frozenset(ROLES)
NOBODY_AT_ALL: Roles = frozenset()
SIGNED_IN = EVERYBODY - {"nobody"}
TAKING_PART = SIGNED_IN - {"suspended"}
OTHERS = TAKING_PART - {"author"}
AUTHOR: Roles = frozenset({"author"})
SUSPENDED: Roles = frozenset({"suspended"})
PARTICIPANT: Roles = frozenset({"participant"})


def _of(*roles: str) -> Roles:
    """These roles, whether for the brand or for the campaign alone. An owner owns the whole."""
    return frozenset({*roles, *(f"{role} of the campaign" for role in roles if role != "owner")})


OWNER: Roles = frozenset({"owner"})
MANAGERS = _of("owner", "manager")
MODERATORS = MANAGERS | _of("moderator")
EVALUATORS = MANAGERS | _of("evaluator")
ANALYSTS = MANAGERS | _of("analyst")
PLACING = MODERATORS | EVALUATORS  # Say where an idea stands.
FIGURES = EVALUATORS | ANALYSTS  # Read what evaluators gave.
TEAM = MODERATORS | EVALUATORS | ANALYSTS
WHOLE: Roles = frozenset(
    {"owner", "manager", "moderator", "evaluator", "analyst"}
)  # Roles in the brand, not in one campaign.
WHOLE_MANAGERS, WHOLE_MODERATORS = MANAGERS & WHOLE, MODERATORS & WHOLE


@dataclass(frozen=True)
class Row:
    """An act, and who is let in."""

    method: str
    address: str
    allowed: Roles
    sends: dict[str, Any] = field(default_factory=dict)  # Beside what the page itself would send.
    about: str = ""
    shuts: bool = (
        False  # Whoever is let in hears another refusal here (409, 410, 422): the act has its tests elsewhere.
    )


def may(allowed: Roles, act: str, about: str = "", /, shuts: bool = False, **sends: Any) -> Row:
    method, address = act.split(" ", 1)
    return Row(method, address, allowed, sends, about, shuts)


def both(
    allowed: Roles, address: str, about: str = "", /, posts: Roles | None = None, shuts: bool = False, **sends: Any
) -> list[Row]:
    """A page with its form; `posts`: who may send it, where that is not the same."""
    return [
        may(allowed, f"GET {address}", about),
        may(allowed if posts is None else posts, f"POST {address}", about, shuts=shuts, **sends),
    ]


def over(address: str) -> list[Row]:
    """A link that holds no more: everybody hears so."""
    about = "a link that holds no more"
    return [may(EVERYBODY, f"{method} {address}", about, shuts=True) for method in ("GET", "POST")]


def rows(*given: Row | Iterable[Row]) -> list[Row]:
    return [row for one in given for row in ([one] if isinstance(one, Row) else one)]


KEY = "0123456789abcdef77"

TABLE: dict[str, list[Row]] = {
    "Pages for everybody": rows(
        may(EVERYBODY, "GET /"),
        may(EVERYBODY, "GET /healthz"),
        may(EVERYBODY, "GET /assets/ensemble.css"),
        may(EVERYBODY, "GET /static/icons.txt"),
        may(EVERYBODY, "GET /recount.py"),
        may(EVERYBODY, "GET /i/{code}", "a short address"),
        may(EVERYBODY, "GET /seen", shuts=True),
        may(EVERYBODY, "POST /seen", shuts=True),
        may(EVERYBODY, "GET /receipts"),
        may(EVERYBODY, "POST /receipts", shuts=True),
        may(EVERYBODY, "POST /language", language="fr"),
        may(EVERYBODY, "POST /theme", theme="dark"),
        may(NOBODY_AT_ALL, "GET /files/none.png", "a file that nobody has"),
        may(NOBODY_AT_ALL, "GET /outbox", "only while developing"),
        may(NOBODY_AT_ALL, "GET /outbox/none", "only while developing"),
        may(NOBODY_AT_ALL, "GET /outbox/none/html", "only while developing"),
        may(NOBODY_AT_ALL, "GET /styleguide", "only while developing"),
        may(NOBODY_AT_ALL, "GET /styleguide/none", "only while developing"),
        may(NOBODY_AT_ALL, "POST /demo/simulation/end", "only on the demo"),
    ),
    "One’s own account": rows(
        both(EVERYBODY, "/sign-in", shuts=True),
        both(EVERYBODY, "/sign-up", shuts=True),
        both(EVERYBODY, "/forgotten", email="eve@example.net"),
        over("/confirm/{wrong}"),
        over("/reset/{wrong}"),
        over("/address/{wrong}"),
        may(SIGNED_IN, "GET /mailbox", "after a mail was asked for; else it leads to signing in"),
        may(EVERYBODY, "POST /sign-out"),
        may(SIGNED_IN, "POST /profile/sign-out-everywhere"),
        both(SIGNED_IN, "/profile"),
        both(SIGNED_IN, "/profile/address", shuts=True),
        both(SIGNED_IN, "/profile/password", shuts=True),
        both(SIGNED_IN, "/profile/notices"),
        both(SIGNED_IN, "/profile/newsletters"),
        may(SIGNED_IN, "GET /profile/mine"),
        may(SIGNED_IN, "GET /profile/ideas"),
        may(SIGNED_IN, "GET /profile/votes"),
        may(SIGNED_IN, "GET /profile/remarks"),
        may(SIGNED_IN, "GET /profile/followed"),
        may(SIGNED_IN, "POST /profile/votes/moved", merge="1"),
        may(SIGNED_IN, "POST /profile/votes/returned"),
        may(SIGNED_IN, "GET /notices"),
        may(SIGNED_IN, "GET /notices/unread"),
        may(SIGNED_IN, "POST /notices/reading"),
        over("/notices/ending/{wrong}"),
        over("/newsletters/ending/{wrong}"),
        over("/following/{wrong}"),
        over("/moderation-mails/{wrong}"),
        over("/answer-mails/{wrong}"),
    ),
    "Brands and their teams": rows(
        may(EVERYBODY, "GET /brands/{brand}"),
        may(EVERYBODY, "GET /brands/palette"),
        both(SIGNED_IN, "/brands/new", name="Syrup", slug="syrup"),
        both(OWNER, "/brands/{brand}/settings"),
        both(WHOLE, "/brands/{brand}/members", posts=OWNER, email="eve@example.net", role="analyst"),
        may(OWNER, "POST /brands/{brand}/members/{membership}/role", "of the analyst", role="manager"),
        may(OWNER | {"analyst"}, "POST /brands/{brand}/members/{membership}/removal", "of the analyst"),
        may(OWNER, "POST /brands/{brand}/invitations/{invitation}/withdrawal"),
        may(EVERYBODY, "GET /invitations/{welcome}", "whoever has the link"),
        may(SIGNED_IN - OWNER, "POST /invitations/{welcome}", "whoever has the link; the only owner stays one"),
        may(EVERYBODY, "POST /invitations/{welcome}/refusal", "whoever has the link"),
        may(WHOLE_MODERATORS, "GET /brands/{brand}/suspensions"),
        both(WHOLE_MODERATORS, "/brands/{brand}/suspensions/{sue}/lifting", reason="She has said sorry."),
        both(WHOLE_MANAGERS, "/brands/{brand}/campaigns/new", shuts=True),
        may(WHOLE_MANAGERS, "POST /brands/{brand}/plans/{plan}/removal"),
        may(WHOLE_MANAGERS, "GET /brands/{brand}/answer-templates"),
        both(WHOLE_MANAGERS, "/brands/{brand}/answer-templates/new", name="No", text_en="Not this year."),
        both(WHOLE_MANAGERS, "/brands/{brand}/answer-templates/{template}"),
        may(WHOLE_MANAGERS, "POST /brands/{brand}/answer-templates/{template}/test"),
        may(WHOLE_MANAGERS, "POST /brands/{brand}/answer-templates/{template}/removal"),
        both(WHOLE_MANAGERS, "/brands/{brand}/filters", words="cap*"),
        may(SIGNED_IN, "POST /brands/{brand}/newsletter", "the tick for it", wanted="yes"),
        may(WHOLE_MANAGERS, "GET /brands/{brand}/newsletters"),
        both(WHOLE_MANAGERS, "/brands/{brand}/newsletters/new", segment="everybody", campaign="0", subject_en="News"),
        may(WHOLE_MANAGERS, "GET /brands/{brand}/newsletters/{newsletter}"),
        both(WHOLE_MANAGERS, "/brands/{brand}/newsletters/{newsletter}/words", segment="everybody", campaign="0"),
        may(WHOLE_MANAGERS, "POST /brands/{brand}/newsletters/{newsletter}/test"),
        may(WHOLE_MANAGERS, "POST /brands/{brand}/newsletters/{newsletter}/sending", read="{newsletter_read}"),
        may(WHOLE_MANAGERS, "POST /brands/{brand}/newsletters/{newsletter}/removal"),
    ),
    "Reading a campaign": rows(
        may(EVERYBODY, "GET /campaigns/{campaign}"),
        may(TEAM, "GET /campaigns/{draft}", "before it is published"),
        may(TEAM, "GET /campaigns/{draft}/brief", "before it is published"),
        may(NOBODY_AT_ALL, "GET /campaigns/{draft}/feed.atom", "before it is published"),
        may(TEAM, "GET /campaigns/{draft}/log", "before it is published"),
        may(EVERYBODY, "GET /campaigns/{campaign}/brief"),
        may(EVERYBODY, "GET /campaigns/{campaign}/rules"),
        may(EVERYBODY, "GET /campaigns/{other_campaign}/rules/{rules}"),
        may(EVERYBODY, "GET /campaigns/{campaign}/feed.atom"),
        may(EVERYBODY, "GET /campaigns/{campaign}/cards?idea={idea}"),
        may(EVERYBODY, "GET /campaigns/{campaign}/withdrawn"),
        may(EVERYBODY, "GET /campaigns/{campaign}/moderation"),
        may(EVERYBODY, "GET /campaigns/{campaign}/naming"),
        may(EVERYBODY, "GET /campaigns/{campaign}/on-paper"),
        may(EVERYBODY, "GET /campaigns/{campaign}/voting"),
        may(EVERYBODY, "GET /campaigns/{campaign}/results"),
        may(EVERYBODY, "GET /campaigns/{campaign}/results/{stage}/progress"),
        may(EVERYBODY, "GET /campaigns/{campaign}/roadmap"),
        may(EVERYBODY, "GET /campaigns/{campaign}/outcome"),
        may(EVERYBODY, "GET /campaigns/{campaign}/log"),
        may(EVERYBODY, "GET /campaigns/{campaign}/log/checkpoint"),
        may(EVERYBODY, "GET /campaigns/{campaign}/log/key"),
        may(EVERYBODY, "GET /campaigns/{campaign}/log/leaves/1"),
        may(EVERYBODY, "GET /campaigns/{campaign}/log/export", "once voting has ended", shuts=True),
        may(SIGNED_IN, "POST /campaigns/{campaign}/following"),
        may(SIGNED_IN, "POST /campaigns/{campaign}/following/end"),
        may(TEAM, "POST /campaigns/{draft}/following", "before it is published"),
        may(SIGNED_IN, "POST /campaigns/{campaign}/tags/{tag}/following"),
        may(SIGNED_IN, "POST /campaigns/{campaign}/tags/{tag}/following/end"),
        may(SIGNED_IN, "POST /people/{carl}/following"),
        may(SIGNED_IN, "POST /people/{carl}/following/end"),
    ),
    "Running a campaign": rows(
        may(TEAM, "GET /campaigns/{campaign}/history"),
        both(MANAGERS, "/campaigns/{campaign}/settings"),
        both(MANAGERS, "/campaigns/{draft}/settings", "before it is published"),
        both(MANAGERS, "/campaigns/{draft}/publication", "before it is published", shuts=True),
        both(MANAGERS, "/campaigns/{campaign}/publication"),
        both(MANAGERS, "/campaigns/{campaign}/closing", reason="Enough."),
        may(MANAGERS, "POST /campaigns/{campaign}/closing/undo"),
        both(MANAGERS, "/campaigns/{campaign}/tags"),
        both(MANAGERS, "/campaigns/{campaign}/filters", words="cap*"),
        may(WHOLE_MANAGERS, "POST /campaigns/{campaign}/copy"),
        both(WHOLE_MANAGERS, "/campaigns/{campaign}/plan", name="Yearly"),
        may(MANAGERS, "POST /campaigns/{draft}/naming", "before anybody votes", naming="named"),
        both(MANAGERS, "/campaigns/{campaign}/ladder"),
        both(MANAGERS, "/campaigns/{campaign}/promotion"),
        both(MANAGERS, "/campaigns/{campaign}/prices"),
        both(MANAGERS, "/campaigns/{campaign}/voting/new", shuts=True),
        both(ANALYSTS, "/campaigns/{campaign}/exposure", posts=MANAGERS),
        may(ANALYSTS, "GET /campaigns/{campaign}/reasons/export"),
        both(MANAGERS, "/campaigns/{campaign}/statuses"),
        both(MANAGERS, "/campaigns/{campaign}/statuses/new-status", name_en="Odd", name_fr="Bizarre"),
        both(MANAGERS, "/campaigns/{campaign}/statuses/{status}"),
        may(MANAGERS, "POST /campaigns/{campaign}/statuses/{status}/place", to="1"),
        both(MANAGERS, "/campaigns/{campaign}/statuses/{status}/removal"),
        both(MANAGERS, "/campaigns/{campaign}/verifications"),
        both(MANAGERS, "/campaigns/{campaign}/verifications/list", members="eve@example.net"),
        may(MANAGERS, "POST /campaigns/{campaign}/verifications/list/removal"),
        both(MANAGERS, "/campaigns/{campaign}/audience", addresses="eve@example.net"),
        may(MANAGERS, "GET /campaigns/{campaign}/audience/export"),
        may(MANAGERS, "POST /campaigns/{campaign}/audience/1/removal"),
        may(MANAGERS, "POST /campaigns/{campaign}/audience/removal"),
        may(MANAGERS, "POST /campaigns/{campaign}/on-paper", takes="yes"),
        both(
            MANAGERS,
            "/campaigns/{campaign}/on-paper/new-idea",
            title="A can for the market",
            text="With a handle.",
            category="can",
            reference="18",
            name="Odile M.",
            how="paper",
            accepts="y",
        ),
        both(
            MANAGERS,
            "/campaigns/{campaign}/roadmap/milestones/new",
            name_en="Lids",
            name_fr="Capsules",
            due="2027-04-01",
        ),
        both(MANAGERS, "/campaigns/{campaign}/roadmap/milestones/{milestone}"),
        may(MANAGERS, "POST /campaigns/{campaign}/roadmap/milestones/{milestone}/done", done="yes"),
        may(MANAGERS, "POST /campaigns/{campaign}/roadmap/milestones/{milestone}/removal"),
        both(MANAGERS, "/campaigns/{campaign}/outcome/draft"),
        may(MANAGERS, "GET /campaigns/{campaign}/outcome/preview"),
        may(MANAGERS, "POST /campaigns/{campaign}/outcome/publication"),
    ),
    "Reading an idea": rows(
        may(EVERYBODY, "GET /ideas/{idea}"),
        may(TEAM, "GET /ideas/{drafts_idea}", "of a draft"),
        may(EVERYBODY, "GET /ideas/{idea}/remarks/{remark}"),
        may(EVERYBODY, "GET /ideas/{idea}/feed.atom"),
        may(NOBODY_AT_ALL, "GET /ideas/{drafts_idea}/feed.atom", "of a draft"),
        may(EVERYBODY, "GET /ideas/{idea}/versions"),
        may(TEAM, "GET /ideas/{drafts_idea}/versions", "of a draft"),
        may(EVERYBODY, "GET /ideas/{idea}/supporters"),
        may(EVERYBODY, "GET /ideas/{idea}/answer/versions"),
        may(EVERYBODY, "GET /comments/{remark}"),
        may(SIGNED_IN, "GET /ideas/{idea}/remarks/people", "whom a remark can call"),
        may(TEAM, "GET /ideas/{drafts_idea}/remarks/people", "of a draft"),
        may(EVERYBODY, "GET /amendments/{amendment}"),
        may(SIGNED_IN, "POST /ideas/{idea}/following"),
        may(SIGNED_IN, "POST /ideas/{idea}/following/end"),
        may(TEAM, "POST /ideas/{drafts_idea}/following", "of a draft"),
        may(NOBODY_AT_ALL, "GET /ideas/{idea}/answers/1", "a file that is not there"),
    ),
    "Suggesting an idea": rows(
        may(TAKING_PART | {"nobody"}, "GET /campaigns/{campaign}/ideas/new", "nobody: as a guest"),
        may(
            TAKING_PART,
            "POST /campaigns/{campaign}/ideas/new",
            title="A can that hums",
            text="Softly.",
            language="en",
            category="can",
        ),
        may(EVERYBODY, "POST /campaigns/{campaign}/ideas/similar", "nobody: as a guest", title="A can"),
        may(TAKING_PART, "POST /campaigns/{campaign}/draft", title="A can"),
        may(SIGNED_IN, "POST /campaigns/{campaign}/draft/removal"),
        both(EVERYBODY, "/campaigns/{campaign}/ideas/guest", posts=EVERYBODY - SUSPENDED, shuts=True),
        over("/guest-ideas/{wrong}"),
        may(EVERYBODY, "GET /invited/{wrong}", "a link that holds no more", shuts=True),
        both(SIGNED_IN, "/campaigns/{other_campaign}/before/vote", "where something is asked", postcode="75011"),
        both(AUTHOR, "/ideas/{idea}/edit", text="With a lid that turns.", category="can"),
        both(AUTHOR, "/ideas/{unsupported}/withdrawal", "while nobody supports it", reason="I was wrong."),
        may(AUTHOR, "POST /ideas/{gone}/withdrawal/undo"),
        both(AUTHOR, "/ideas/{idea}/authors", person="{pat}"),
        both(PARTICIPANT, "/ideas/{inviting}/invitation", "whom its author invites", act="accept"),
        may(AUTHOR, "POST /ideas/{idea}/authors/{leo}/removal"),
        may(SIGNED_IN, "POST /ideas/{idea}/authors/leaving", "changes nothing for who is not among them"),
        both(AUTHOR, "/ideas/{idea}/retirement?for={other}", reason="Theirs is better."),
        both(AUTHOR, "/ideas/{unsupported}/updates/new", text="It floats."),
        both(MODERATORS | AUTHOR, "/updates/{update}/removal"),
        may(AUTHOR, "POST /amendments/{amendment}", act="decline", reason="Not so."),
        may(AUTHOR, "POST /amendments/{own_amendment}/withdrawal", "who proposed it"),
        may(AUTHOR, "GET /ideas/{idea}/promotion"),
        may(AUTHOR, "GET /ideas/{idea}/promotion/mail-en.eml", shuts=True),
        may(AUTHOR, "GET /ideas/{idea}/promotion/mail-en.txt", shuts=True),
        may(AUTHOR, "GET /ideas/{idea}/promotion/poster-en.pdf", shuts=True),
        may(AUTHOR, "POST /ideas/{idea}/clarification/reply", reply="With a click."),
        may(NOBODY_AT_ALL, "POST /ideas/{sues_idea}/clarification/reply", "of who is suspended", reply="With a click."),
        may(AUTHOR, "POST /comments/{remark}/deletion"),
        both(AUTHOR, "/comments/{remark}/edit", text="And for both hands?"),
        both(AUTHOR, "/ideas/{down}/appeal", "what was taken down", words="The mark is mine."),
        may(SUSPENDED, "GET /ideas/{sues_idea}/withdrawal", "of who is suspended"),
        may(SUSPENDED, "POST /ideas/{sues_idea}/withdrawal", "of who is suspended", reason="I was wrong."),
        may(
            NOBODY_AT_ALL,
            "POST /ideas/{sues_idea}/edit",
            "of who is suspended",
            title="A can of sue",
            text="More.",
            language="en",
        ),
        may(NOBODY_AT_ALL, "POST /ideas/{sues_idea}/authors", "of who is suspended", person="{pat}"),
        may(
            NOBODY_AT_ALL, "POST /ideas/{sues_idea}/updates/new", "of who is suspended", text="It floats.", key="a-key"
        ),
    ),
    "Taking part": rows(
        may(OTHERS, "POST /ideas/{idea}/vote", id=KEY, named="1"),
        may(PARTICIPANT, "POST /ideas/{other}/vote/withdrawal", "of one’s own vote", id=KEY),
        both(SIGNED_IN, "/ideas/{idea}/vote/confirmation"),
        may(SUSPENDED, "GET /ideas/{idea}/vote/receipt", "of one’s own vote"),
        may(NOBODY_AT_ALL, "GET /campaigns/{campaign}/ballot/receipt", "where there is no ballot"),
        may(EVERYBODY, "GET /campaigns/{campaign}/ballot", "leads to the board where votes are given there"),
        may(EVERYBODY, "POST /campaigns/{campaign}/ballot", shuts=True),
        may(NOBODY_AT_ALL, "POST /campaigns/{campaign}/ballot/following", "where there is no ballot"),
        may(NOBODY_AT_ALL, "POST /campaigns/{campaign}/ballot/withdrawal", "where there is no ballot"),
        may(TAKING_PART, "POST /ideas/{idea}/comments", text="So would I."),
        may(OTHERS, "POST /comments/{remark}/helpful"),
        may(SIGNED_IN, "POST /comments/{remark}/helpful/withdrawal", "changes nothing for who did not find it so"),
        both(EVERYBODY, "/ideas/{idea}/feedback", posts=OTHERS, likes="The lid", mark="4"),
        may(SIGNED_IN, "POST /ideas/{idea}/feedback/withdrawal"),
        both(MODERATORS, "/ideas/{other}/feedback/{sue}/hiding", why="Rude."),
        both(MODERATORS, "/ideas/{other}/feedback/{leo}/showing", why="Not rude."),
        both(EVERYBODY, "/ideas/{idea}/endorsements", posts=OTHERS, text="I want one.", public="y"),
        may(SIGNED_IN, "POST /ideas/{idea}/endorsements/withdrawal"),
        both(EVERYBODY, "/ideas/{idea}/reasons", posts=TAKING_PART, shuts=True, reason="I want one."),
        may(SIGNED_IN, "POST /ideas/{idea}/reasons/withdrawal"),
        both(
            SIGNED_IN,
            "/ideas/{idea}/amendments/new",
            "an author is led to changing it",
            posts=OTHERS,
            text="With a straw.",
            why="It is hot.",
        ),
        both(TAKING_PART, "/ideas/{idea}/same", other="{third}"),
        both(SIGNED_IN, "/ideas/{merged}/moved"),
        both(SIGNED_IN, "/ideas/{idea}/report", posts=OTHERS, reason="spam"),
        both(SIGNED_IN, "/comments/{remark}/report", posts=OTHERS, reason="spam"),
        may(TEAM, "GET /ideas/{drafts_idea}/report", "of a draft"),
    ),
    "Moderating": rows(
        may(PLACING, "GET /campaigns/{campaign}/console"),
        may(MODERATORS, "GET /campaigns/{campaign}/console/first"),
        may(MODERATORS, "POST /campaigns/{campaign}/console/decisions", "approve", act="approve", case="{case}"),
        may(
            WHOLE_MODERATORS,
            "POST /campaigns/{campaign}/console/decisions",
            "approve, and trust in the whole brand",
            act="trust",
            case="{case}",
        ),
        may(
            MODERATORS,
            "POST /campaigns/{campaign}/console/decisions",
            "take down",
            act="hide",
            reason="Spam.",
            case="{case}",
        ),
        may(
            WHOLE_MODERATORS,
            "POST /campaigns/{campaign}/console/decisions",
            "take down, and block in the whole brand",
            act="hide_all",
            reason="Spam.",
            case="{case}",
        ),
        may(MODERATORS, "POST /campaigns/{campaign}/console/claims", case="{case}"),
        may(
            MODERATORS,
            "POST /campaigns/{campaign}/console/decisions",
            "put back",
            act="put_back",
            reason="It is their own mark.",
            case="{down_case}",
        ),
        may(
            MODERATORS,
            "POST /campaigns/{campaign}/console/decisions",
            "leave down, after an appeal",
            act="uphold",
            reason="It is not their own.",
            case="{appealed_case}",
        ),
        may(MODERATORS, "POST /campaigns/{campaign}/console/undo", batch="none"),
        may(MODERATORS, "POST /campaigns/{campaign}/console/alerts", what="ideas"),
        may(MODERATORS, "GET /campaigns/{campaign}/console/log"),
        may(MODERATORS, "GET /campaigns/{campaign}/console/log/export"),
        may(MODERATORS, "POST /campaigns/{campaign}/moderation/mails"),
        may(MANAGERS, "POST /campaigns/{campaign}/moderation", "choose its rules"),
        both(MODERATORS, "/ideas/{idea}/taking-down", reason="It shows a trade mark."),
        both(MODERATORS, "/comments/{remark}/taking-down", reason="It insults."),
        may(MODERATORS, "POST /comments/{staff_remark}/pin"),
        may(MODERATORS, "POST /comments/{pinned}/pin/removal"),
        both(WHOLE_MODERATORS, "/ideas/{idea}/suspension", reason="Spam.", lasts="7"),
        both(WHOLE_MODERATORS, "/comments/{remark}/suspension", reason="Spam.", lasts="7"),
        both(
            MODERATORS,
            "/campaigns/{campaign}/doubts",
            idea="{idea}",
            group="too_fast",
            was="review",
            decision="count",
            why="They are quick.",
        ),
        both(MODERATORS, "/ideas/{idea}/tags"),
        may(MODERATORS, "GET /campaigns/{campaign}/duplicates"),
        both(MODERATORS, "/ideas/{other}/merging?with={third}", reason="They are one."),
        both(MODERATORS, "/ideas/{merged}/merging/undo", reason="They are two."),
        both(MODERATORS, "/ideas/{idea}/same/{other}/declining", reason="They are two."),
        both(MODERATORS, "/ideas/{idea}/endorsements/{carl}/hiding", why="Rude."),
        may(MODERATORS, "POST /ideas/{idea}/endorsements/{carl}/hiding/undo"),
        both(MODERATORS, "/ideas/{idea}/reasons/{reason}/hiding", why="Rude."),
        may(MODERATORS, "POST /ideas/{idea}/reasons/{reason}/hiding/undo"),
    ),
    "Answering": rows(
        may(MANAGERS, "GET /campaigns/{campaign}/answers"),
        may(MANAGERS, "POST /campaigns/{campaign}/answers/assignments"),
        may(MANAGERS, "POST /campaigns/{campaign}/answers/drafts", template="{template}", idea="{third}"),
        may(MANAGERS, "POST /campaigns/{campaign}/answers/publication"),
        both(MANAGERS, "/campaigns/{campaign}/answers/promise"),
        may(MANAGERS, "POST /campaigns/{campaign}/answers/mails"),
        both(MANAGERS, "/ideas/{idea}/answer"),
        both(MANAGERS, "/ideas/{idea}/assignment"),
        may(MANAGERS, "POST /ideas/{other}/answer/draft/removal"),
        both(TEAM, "/ideas/{idea}/notes", text="Who has the cap?", key="another-note"),
        may(OWNER, "POST /ideas/{idea}/notes/{note}/removal", "who wrote it"),
        both(MANAGERS, "/ideas/{idea}/incentive"),
        both(MANAGERS, "/comments/{remark}/incentive"),
        both(PLACING, "/ideas/{other}/status", status="under-review", reason="We ask."),
        both(MANAGERS, "/ideas/{unclimbed}/expiry", "while it climbs", shuts=True),
        both(MANAGERS, "/ideas/{idea}/on-paper", reference="19", name="Paul", how="paper", accepts="y"),
        both(MANAGERS, "/recorded-votes/{paper_vote}/removal", why="Twice."),
    ),
    "Evaluating": rows(
        may(FIGURES, "GET /campaigns/{campaign}/evaluation"),
        may(FIGURES, "GET /campaigns/{campaign}/evaluation/results"),
        may(FIGURES, "GET /campaigns/{campaign}/evaluation/export"),
        both(MANAGERS, "/campaigns/{campaign}/evaluation/criteria"),
        both(
            MANAGERS, "/campaigns/{campaign}/evaluation/assignment", reviewers="{evaluator}", which="all", status="new"
        ),
        may(MANAGERS, "POST /campaigns/{campaign}/evaluation/assignment/removal", person="{evaluator}"),
        both(
            FIGURES,
            "/ideas/{idea}/evaluation",
            "whoever is asked sends a card",
            posts=EVALUATORS - {"manager of the campaign"},
        ),
        may(MANAGERS, "POST /ideas/{idea}/evaluation/reviewers", gone="{evaluator}"),
        both(PLACING, "/ideas/{other}/clarification", question="How?", due="{soon}"),
        both(PLACING | AUTHOR, "/ideas/{idea}/clarification", posts=PLACING, shuts=True),
        may(PLACING, "POST /ideas/{idea}/clarification/resumption"),
    ),
}

# Events of a socket: what they carry, who is let in.
EVENTS: list[tuple[str, dict[str, Any], Roles, str]] = [
    ("board.watch", {"campaign": "{campaign}"}, EVERYBODY, ""),
    ("board.watch", {"campaign": "{draft}"}, TEAM, "before it is published"),
    ("board.leave", {"campaign": "{campaign}"}, EVERYBODY, ""),
    ("vote.cast", {"idea": "{idea}", "id": KEY, "named": True}, OTHERS, ""),
    ("vote.withdraw", {"idea": "{idea}", "id": "0123456789abcdef78"}, OTHERS, ""),
]

WORDS = """# Who may do what

Every act of the application, by its address, and whom it lets in. `tests/permissions` asks for each of them as each of these people, and this page is made
from the same table (`python -m tests.permissions.table`); a route without a row fails the test.

* **●** is let in. Whether the act itself is possible at this moment (voting has closed, a reason is missing) is said in a sentence, to those who are let in.
* **·** finds nothing there (404, 410), may not (403), is told that it is not for them (409), or is asked to sign in first.

Each role counts for the whole brand or *for one campaign* (c); an owner owns the whole. A guest, who suggests an idea without an account, is nobody here; who runs the
server works at its command line, and has no page of their own. What stands in braces is a thing of that brand: `{idea}`, `{remark}` and
`{update}` are the author’s, `{other}` is somebody else’s, `{draft}` is a campaign that is not published yet.
"""
SHORT = (
    "owner",
    "manager",
    "mode­rator",
    "evalu­ator",
    "analyst",
    "manager (c)",
    "mode­rator (c)",
    "evalu­ator (c)",
    "analyst (c)",
    "manager of another campaign",
    "author",
    "parti­cipant",
    "sus­pended",
    "owner of another brand",
    "moderator of another brand",
    "nobody",
)
DOCS = Path(__file__).parents[2] / "docs" / "permissions.md"


def as_page() -> str:
    """The table for people to read."""
    lines = [WORDS]
    for title, acts in TABLE.items():
        lines += [f"## {title}\n", *_head("Act")]
        lines += [_line(f"`{row.method} {row.address}`", row.about, row.allowed) for row in acts]
        lines.append("")
    lines += ["## By socket\n", *_head("Event")]
    lines += [_line(f"`{event}`", about, allowed) for event, _data, allowed, about in EVENTS]
    return "\n".join(lines) + "\n"


def _head(first: str) -> Iterator[str]:
    yield f"| {first} | {' | '.join(SHORT)} |"
    yield f"| --- |{' :-: |' * len(ROLES)}"


def _line(act: str, about: str, allowed: Roles) -> str:
    marks = " | ".join("●" if role in allowed else "·" for role in ROLES)
    return f"| {act}{f': {about}' if about else ''} | {marks} |"


if __name__ == "__main__":
    DOCS.write_text(as_page())

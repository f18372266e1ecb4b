"""What roles are called, and what somebody may do in each. What they really may is in `access.MAY`."""

from flask_babel import lazy_gettext as _l

NAMES = {
    "owner": _l("owner"),
    "manager": _l("manager"),
    "moderator": _l("moderator"),
    "evaluator": _l("evaluator"),
    "analyst": _l("analyst"),
}
RUNNING = ("owner", "manager")  # Whom a brand's page names as those who run it.
DOES = {
    "owner": _l("Everything, with the brand’s people and settings."),
    "manager": _l("Opens and closes campaigns, and answers ideas."),
    "moderator": _l(
        "Reads drafts, gives ideas the team’s tags, says where they stand, and suspends people who do harm."
    ),
    "evaluator": _l(
        "Reads the ideas that come in, judges which of them could work, and says where they stand. Sees drafts."
    ),
    "analyst": _l("Watches the figures, such as how often each idea was shown, and changes nothing. Sees drafts."),
}

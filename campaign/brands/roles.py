"""What roles are called, and what somebody may do in each. What they really may is in `access.MAY`."""

from flask_babel import lazy_gettext as _l

NAMES = {
    "owner": _l("owner"),
    "manager": _l("manager"),
    "moderator": _l("moderator"),
    "evaluator": _l("evaluator"),
    "analyst": _l("analyst"),
}
DOES = {
    "owner": _l("Everything, with the brand’s people and settings."),
    "manager": _l("Opens and closes campaigns, and answers ideas."),
    "moderator": _l("Reads drafts, gives ideas the team’s tags, and suspends people who do harm."),
    "evaluator": _l("Reads drafts and everything that comes in."),
    "analyst": _l("Reads drafts and everything, and changes nothing."),
}

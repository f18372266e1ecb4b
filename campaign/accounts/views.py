"""The pages of accounts, a file for each story: importing them here puts them on the blueprint."""

from campaign.accounts import (  # noqa: F401
    appearance,
    forgetting,
    mailbox,
    models,
    outbox,
    own_account,
    signing_in,
    signing_up,
)
from campaign.accounts.blueprint import bp

bp.register_blueprint(outbox.bp)
bp.register_blueprint(appearance.bp)

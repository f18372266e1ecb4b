"""The form of wishes as a browser sends it."""

from campaign.notices.kinds import KINDS


def wishes(**chosen: str) -> dict[str, str]:
    """As usual, but for what is `chosen`."""
    return {f"kind-{kind}": chosen.get(kind, usual.how) for kind, usual in KINDS.items()}

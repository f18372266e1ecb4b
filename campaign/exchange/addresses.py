"""Addresses that can never be somebody's (RFC 2606): no mail leaves for them, and nobody signs in by one."""


def made_up(name: str, *of: str) -> str:
    """The address of this name, such as a voter's, at what the voter is of: a campaign's replay."""
    return f"{name}{host(*of)}"


def host(*of: str) -> str:
    """What the addresses of one campaign's import or replay end with."""
    return f"@{'.'.join(of)}.invalid"

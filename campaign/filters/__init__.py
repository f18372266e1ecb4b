"""Filters hold for a moderator's look what is probably no good, and decide nothing; levels of trust say how much somebody may send."""

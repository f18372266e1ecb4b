"""Reasons: why somebody votes for an idea, or against it, in a sentence that belongs to their vote."""

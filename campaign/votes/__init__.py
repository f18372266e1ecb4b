"""Approval votes: one per person and idea."""

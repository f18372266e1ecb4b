"""Amendments: what others would change in an idea, and what its authors say to it."""

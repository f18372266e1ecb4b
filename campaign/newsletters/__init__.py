"""Newsletters: what a brand writes to those who have asked for it, and to nobody else."""

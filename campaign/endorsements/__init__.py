"""Endorsements: people who put their name to an idea. No vote, and in no total."""

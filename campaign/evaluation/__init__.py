"""Reviewers' scorecards, blind to each other until they are submitted; private words to authors; and ideas sent back with a question."""

"""Campaigns in and out of files: import, export, and the replay of real ballots."""

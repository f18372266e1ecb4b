"""Campaigns: what a brand asks, when, of whom, and what it gives."""

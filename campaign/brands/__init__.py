"""Brands, the people who work for them, and the roles they hold."""

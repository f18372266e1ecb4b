"""Notices: what happened that somebody asked to hear of, in the page and by mail, and what each person wishes of them."""

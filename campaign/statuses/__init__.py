"""Where ideas stand: a campaign's list of statuses, who sets them, and what they freeze."""

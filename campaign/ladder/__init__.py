"""The ladder of a campaign: each step of supporters buys an idea more time, and what misses one leaves the board."""

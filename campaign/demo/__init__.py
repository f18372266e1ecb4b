"""The campaign that a first run shows."""

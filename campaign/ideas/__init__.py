"""Ideas: what participants suggest, in every version."""

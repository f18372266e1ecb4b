"""The peers: what others would build with the usual parts, for the same clients and the same events."""

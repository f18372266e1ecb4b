"""Remarks on ideas, and the replies to them."""

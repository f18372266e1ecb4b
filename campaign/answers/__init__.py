"""What the brand answers to an idea."""

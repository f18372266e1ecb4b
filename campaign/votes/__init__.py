"""What people give ideas: approval votes of their own, and ballots of the other methods, in one box."""

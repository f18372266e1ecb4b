"""Ideas that say the same: proposed by anybody, merged by a moderator, undone by one; and an author’s own way, to retire theirs."""

"""Votes by a ballot: filled in, kept in the book, counted by each rule that can read it."""

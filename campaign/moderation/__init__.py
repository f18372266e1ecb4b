"""What moderators do with people: they suspend them from taking part, and lift that."""

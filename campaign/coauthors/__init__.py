"""Co-authors of ideas: invited by who suggested it, among those who took part in its talk."""

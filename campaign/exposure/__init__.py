"""Fair exposure: every idea gets its turn before people's eyes, and the places are told with what is uncertain about them."""

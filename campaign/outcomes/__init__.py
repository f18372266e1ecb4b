"""What becomes of a campaign: the roadmap of what was accepted, and the page that says what people asked and the brand did."""

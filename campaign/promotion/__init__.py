"""What authors get to make their idea known: links, a mail to send, and a poster."""

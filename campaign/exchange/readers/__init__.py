"""Files from elsewhere, read and checked whole before a single row is written. Nothing here knows the database."""

"""Data model: the facts of a ticket, read once."""

"""The facts of a ticket, as read once."""

"""What the sandbox keeps, in SQLite."""

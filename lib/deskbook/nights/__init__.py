"""What surrounds a run that nobody watches: its lock, its record, its log of effects."""

"""Rehearsals: tickets that arrive on a fast clock, and a score at the end, by the same process."""

"""Working time: when a promise is due."""

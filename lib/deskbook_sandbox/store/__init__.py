"""Storage shared by all services."""

"""The outside services: their ports, and one adapter for each."""

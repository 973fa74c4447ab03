"""Ports to the outside services, and one adapter for each."""

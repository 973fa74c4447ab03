"""The sandbox's page for people."""

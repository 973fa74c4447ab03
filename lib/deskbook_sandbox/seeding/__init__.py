"""Filling the sandbox: seed files and generated years."""

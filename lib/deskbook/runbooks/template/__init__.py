"""The template runbook."""

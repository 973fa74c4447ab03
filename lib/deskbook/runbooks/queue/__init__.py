"""The queue runbook."""

"""The incident runbook."""

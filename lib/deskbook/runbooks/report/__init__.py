"""The report runbook."""

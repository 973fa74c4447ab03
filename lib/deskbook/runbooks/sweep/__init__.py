"""The sweep runbook."""

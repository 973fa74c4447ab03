"""The prioritize runbook."""

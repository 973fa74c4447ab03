"""The escalate runbook."""

"""The timebox runbook."""

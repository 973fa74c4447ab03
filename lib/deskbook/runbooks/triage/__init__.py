"""The triage runbook."""

"""The onboard runbook."""

"""The resolve runbook."""

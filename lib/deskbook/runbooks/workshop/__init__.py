"""The workshop runbook."""

"""What people see, for any runbook."""

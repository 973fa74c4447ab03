"""One folder for each runbook, and the catalogue of them."""

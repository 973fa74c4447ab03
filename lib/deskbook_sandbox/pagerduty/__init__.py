"""The look-alike of PagerDuty."""

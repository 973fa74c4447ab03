"""The look-alike of Slack."""

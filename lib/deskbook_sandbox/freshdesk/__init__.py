"""The look-alike of Freshdesk."""

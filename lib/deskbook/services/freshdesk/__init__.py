"""The Freshdesk adapter."""

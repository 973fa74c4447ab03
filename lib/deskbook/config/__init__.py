"""Load and validate configuration: process, organisation, messages and settings."""

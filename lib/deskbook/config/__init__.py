"""Load and validate configuration: process, organisation, messages and settings."""

from pathlib import Path

# Here, so that whoever only names these files need not load what reads them.
ORGANIZATION = Path(__file__).with_name("organization.yaml")
PROCESS = Path(__file__).with_name("process.yaml")

"""The handbook: directives and chapters written from the process."""

from functools import cache

from deskbook.config.organization import Organization
from deskbook.config.process import Process
from deskbook.config.settings import Settings


@cache
def loaded(settings: Settings) -> tuple[Process, Organization]:
    """Process and organisation, read once for all pages of a build."""
    return settings.load()

"""Exceptions of Deskbook. Each says what is wrong, where, and what to do."""

from __future__ import annotations


class DeskbookError(Exception):
    """The root: catch this to catch all of ours."""


class DefinitionError(DeskbookError):
    """`process.yaml`, `organization.yaml`, a message or a seed is wrong; the text names file and place."""


class SettingsError(DeskbookError):
    """The environment is incomplete or malformed; the text lists every setting to mend."""


class ParameterError(DeskbookError):
    """A runbook parameter cannot be used; the text names it, its value and what is accepted."""


class RunFailed(DeskbookError):
    """A plan was refused or stopped at a failed action; raised after its receipt is shown."""


class ServiceError(DeskbookError):
    """A service (helpdesk, tracker, chat, pager, hub) did not do what was asked."""


class NotFound(ServiceError):
    """The service answers, but the record is not there (or is deleted)."""


class Refused(ServiceError):
    """The service understood and refused: wrong key, missing right, invalid value."""


class Unavailable(ServiceError):
    """The service could not serve us now; nothing was written. Trying again later may help."""


class Unreachable(Unavailable):
    """Nothing answers at the service's address."""


class AnswerLost(ServiceError):
    """A write was sent and no usable answer came back: it may or may not have landed. Look before repeating."""

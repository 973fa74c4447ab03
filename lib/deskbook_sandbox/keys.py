"""Keys that every service takes: `sandbox` is the first Triager's, `sandbox-mei.tanaka` that of whoever has this mail."""

from __future__ import annotations

from deskbook.config.organization import Person
from deskbook_sandbox.store.database import Store

KEY = "sandbox"


def key_of(person: Person) -> str:
    return f"{KEY}-{person.mail.partition('@')[0].lower()}"


def admits(store: Store, key: str | None) -> bool:
    """Whether this is one of the keys; if so, its owner is who acts until the request ends."""
    store.acting = next((each for each in store.organization.people if key == key_of(each)), None)
    return key == KEY or store.acting is not None


def owner(store: Store) -> Person:
    """Whose key it is."""
    return store.acting or store.organization.with_role("triager")[0]

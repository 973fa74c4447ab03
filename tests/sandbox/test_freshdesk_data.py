"""The helpdesk's data files name what its tables hold: a mistyped name would be shown as null, and nobody would notice."""

from __future__ import annotations

import pytest

from deskbook_sandbox.freshdesk.forms import FORMS
from deskbook_sandbox.freshdesk.records import COLUMNS, DEFAULTS, TABLES
from deskbook_sandbox.freshdesk.shapes import SHAPES

# Fields that no column holds: they are always the same, or computed when they are shown.
SHOWN_ONLY = {
    "ticket": {"nr_due_by", "nr_escalated"},
    "ticket text": set(),
    "ticket statistics": set(),
    "ticket in a list": {"associated_tickets_count", "structured_description"},
    "ticket alone": {"source_additional_info", "source_info", "sentiment_score", "initial_sentiment_score"},
    "conversation": {
        "email_failure_count",
        "outgoing_failures",
        "thread_id",
        "thread_message_id",
        "automation_id",
        "automation_type_id",
        "auto_response",
        "source_additional_info",
    },
    "contact": {"csat_rating", "preferred_source"},
    "contact alone": {"avatar"},
    "company": set(),
    "time entry": {"company_id", "time_spent", "time_spent_in_seconds"},
    "rating": set(),
}


@pytest.mark.parametrize("kind", [kind for kind in TABLES if kind in DEFAULTS])
def test_a_default_is_one_of_a_column(kind):
    assert set(DEFAULTS[kind]) <= set(COLUMNS[TABLES[kind]])


@pytest.mark.parametrize("name", SHOWN_ONLY)
def test_a_shape_shows_columns_but_for_what_is_named_here(name):
    kind = next(kind for kind in TABLES if name.startswith(kind))
    assert set(SHAPES[name]) - set(COLUMNS[TABLES[kind]]) == SHOWN_ONLY[name]


@pytest.mark.parametrize("name", FORMS)
def test_what_is_mandatory_in_a_form_is_one_of_its_attributes(name):
    assert set(FORMS[name].required) <= set(FORMS[name].fields)


@pytest.mark.parametrize("kind", ["contact", "company"])
def test_a_form_writes_columns(kind):
    assert set(FORMS[kind].fields) <= set(COLUMNS[TABLES[kind]])

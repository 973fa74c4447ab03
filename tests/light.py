"""Loaded before every other plugin, `pytest -p tests.light`: nbval then reads notebooks without a grammar that nobody uses."""

from deskbook.batch import import_jsonschema

import_jsonschema()

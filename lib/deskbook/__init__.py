"""Deskbook: the support handbook that runs."""

from deskbook.moved import tell_new_names

__version__ = "0.1.0"

tell_new_names()

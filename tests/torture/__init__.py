"""Deskbook by force: what it promises, held against every place where a run can be disturbed."""

"""Deskbook by force: what it promises, held against every place where a run can be disturbed.

`make torture` tries a share of all cells, `make torture SHARE=1` all of them (hours), and `make test` a few of each kind.
`python -m torture interleave triage 17` runs one cell alone; a failure names it in these words.
"""

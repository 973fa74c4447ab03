"""`python -m deskbook.cli` is the command `deskbook`."""

from deskbook.cli import main

main()

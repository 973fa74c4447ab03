"""The kernel of a run that the command starts: ipykernel, without the debugger, which needs a person and takes a fifth of its start."""

import os
import sys
from typing import Any

from deskbook.loading import at_once, hidden

if __name__ == "__main__":
    if sys.path[0] == os.getcwd():  # as ipykernel's own launcher: what lies there hides no module while this loads
        del sys.path[0]
    with at_once(), hidden("debugpy"):
        from ipykernel.kernelapp import IPKernelApp

        kernel: Any = IPKernelApp.instance()
        kernel.initialize()
    kernel.start()

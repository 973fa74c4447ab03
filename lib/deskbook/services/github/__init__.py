"""The GitHub adapter.

PyGithub brings what signs the tokens of GitHub Apps, which we never do, and loading that takes longer than PyGithub
itself. The signer can do without its cryptography; it is hidden meanwhile, and whoever else needs the signer finds it whole.
"""

import sys
from importlib import import_module

_SIGNER, _CRYPTOGRAPHY = "jwt", "cryptography"

if not {"github", _SIGNER, _CRYPTOGRAPHY} & set(sys.modules):
    sys.modules[_CRYPTOGRAPHY] = None  # type: ignore[assignment]  # which is how import says "not installed"
    try:
        import_module("github")
    finally:
        for name in [each for each in sys.modules if each.partition(".")[0] in (_SIGNER, _CRYPTOGRAPHY)]:
            del sys.modules[name]

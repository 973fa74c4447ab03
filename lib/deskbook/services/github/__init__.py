"""The GitHub adapter.

PyGithub is two hundred modules, of which a run needs a few, and brings what signs the tokens of GitHub Apps, which we never
do. So each is loaded only where something of it is asked for.
"""

from deskbook.loading import when_asked

with when_asked("github", "jwt", "nacl"):
    from github.Repository import Repository as Repository

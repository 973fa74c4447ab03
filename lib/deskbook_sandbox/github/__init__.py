"""The look-alike of GitHub."""

"""The handbook: directives and chapters written from the process."""

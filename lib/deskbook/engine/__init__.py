"""Plans: how they are built, what actions they hold, how they are carried out."""

MIME = "application/vnd.deskbook.receipt+json"  # of a receipt in a notebook's output

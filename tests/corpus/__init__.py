"""What people write, labelled, and how well it is read."""

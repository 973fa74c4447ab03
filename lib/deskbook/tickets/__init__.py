"""Rules about tickets that several runbooks share."""

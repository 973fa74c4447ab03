"""Plans: how they are built, what actions they hold, how they are carried out."""

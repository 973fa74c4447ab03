"""How fast it is, in ratios: each thing beside a baseline that does the least that could be done, measured in turn in one run."""

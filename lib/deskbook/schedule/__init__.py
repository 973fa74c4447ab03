"""Working time: deadlines, iterations and moments in words."""

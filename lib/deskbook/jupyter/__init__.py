"""What Jupyter starts of ours: the kernel of a run, and what a server has on top, with their configuration beside."""

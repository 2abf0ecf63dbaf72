"""Settings by surroundings; all of them read `nonza.env` and nothing else."""

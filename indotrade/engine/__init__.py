"""What answers questions on a dataset: one interface, and the databases behind it; SQL is nowhere else."""

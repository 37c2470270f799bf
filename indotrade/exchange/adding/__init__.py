"""A dataset that is added to: what is in it, what comes in, and how its files are put in place."""
